package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.asyncops.client.ApiClient;
import dev.asyncops.client.ApiException;
import dev.asyncops.client.ConnectRequest;
import dev.asyncops.client.ControlApi;
import dev.asyncops.client.CopyRequest;
import dev.asyncops.client.DeleteBatchRequest;
import dev.asyncops.client.ItemState;
import dev.asyncops.client.Operation;
import dev.asyncops.client.OperationState;
import dev.asyncops.client.StartApi;
import dev.asyncops.client.WatchApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The main job as a client sees it that was generated from the description of the API. */
class ApiClientIntegrationTests {

  private TestService service;
  private StartApi starts;
  private WatchApi watch;
  private ControlApi control;

  @BeforeEach
  void start(@TempDir Path directory) throws IOException {
    service = TestService.start(directory);
    ApiClient client = new ApiClient();
    client.updateBaseUri("http://127.0.0.1:" + service.port());
    starts = new StartApi(client);
    watch = new WatchApi(client);
    control = new ControlApi(client);
    Files.writeString(service.path("data:a"), "hello");
  }

  @AfterEach
  void stop() {
    service.close();
  }

  @Test
  void copyIsStarted_watched_andItsItemsListed() throws Exception {
    CopyRequest request =
        new CopyRequest()
            .source("data:a")
            .destination("archive:a")
            .report(dev.asyncops.client.Report.ALL);

    Operation started = starts.startCopy(request, null, "key");
    Operation ended = watch.getOperation(started.getId(), "wait=30", null, null);

    assertThat(ended.getState()).isEqualTo(OperationState.SUCCEEDED);
    assertThat(ended.getResult()).containsEntry("bytes", 5);
    assertThat(service.path("archive:a")).hasContent("hello");
    assertThat(watch.listItems(started.getId(), List.of(ItemState.SUCCEEDED), 10, null).getItems())
        .singleElement()
        .satisfies(item -> assertThat(item.getDestination()).isEqualTo("archive:a"));
    assertThat(starts.startCopy(request, null, "key").getId()).isEqualTo(started.getId());
  }

  @Test
  void batchAndConnect_sayWhatFailed() throws Exception {
    Operation deleted =
        starts.startDeleteBatch(
            new DeleteBatchRequest().paths(List.of("data:a", "data:b")),
            "wait=30",
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null);
    Operation connected =
        starts.startConnect(new ConnectRequest().addressFile("data:none"), "wait=30", null);

    assertThat(deleted.getState()).isEqualTo(OperationState.PARTIAL);
    assertThat(deleted.getFirstErrors())
        .singleElement()
        .satisfies(error ->
            assertThat(error.getCode()).isEqualTo(dev.asyncops.client.ErrorCode.NOT_FOUND));
    assertThat(connected.getError().getFailure().getStage()).isEqualTo("ADDRESS");
    assertThat(
            watch
                .listOperations(List.of(OperationState.FAILED), null, null, null, null, 10, null)
                .getOperations())
        .extracting(Operation::getId)
        .containsExactly(connected.getId());
    assertThat(watch.getSummary().getByState()).containsEntry("FAILED", 1L);
  }

  @Test
  void runningCopy_isCancelled() throws Exception {
    Files.write(service.path("data:large"), new byte[1_000_000]);
    Operation running =
        starts.startCopy(
            new CopyRequest().source("data:large").destination("data:b").bytesPerSecond(1000L),
            null,
            null);

    control.cancelOperation(running.getId(), "wait=30", null);

    assertThat(watch.getOperation(running.getId(), null, null, null).getState())
        .isEqualTo(OperationState.CANCELLED);
    assertThat(codeOf(() -> watch.getResult(running.getId(), null))).isEqualTo("CANCELLED");
  }

  @Test
  void problemsHaveTheirCodes() {
    assertThat(codeOf(() -> watch.getOperation(UUID.randomUUID(), null, null, null)))
        .isEqualTo("NOT_FOUND");
    assertThat(
            codeOf(() ->
                starts.startCopy(
                    new CopyRequest().source("data:a").destination("frozen:a"), null, null)))
        .isEqualTo("READ_ONLY");
  }

  private static String codeOf(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    ApiException problem = catchThrowableOfType(ApiException.class, call);
    return JsonMapper.shared().readTree(problem.getResponseBody()).get("code").asString();
  }
}
