package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.asyncops.registry.OperationId;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PageTokenTests {

  private static final OperationId ID =
      new OperationId(UUID.fromString("0193b6a0-0000-7000-8000-0123456789ab"));

  @Test
  void token_leadsBackToItsOperation() {
    assertThat(PageToken.parse(PageToken.of(ID, "state=FAILED"), "state=FAILED")).isEqualTo(ID);
  }

  @Test
  void token_canStandInAnAddress() {
    assertThat(PageToken.of(ID, "")).matches("[A-Za-z0-9_-]{43}");
  }

  @Test
  void token_isOfNoUseToAnotherQuery() {
    String token = PageToken.of(ID, "state=FAILED");

    assertThatThrownBy(() -> PageToken.parse(token, "state=RUNNING"))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("another query");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x", "!", "AAAA", "\u00e9", "AZO2oAAAcACAAAEjRWeJqw"})
  void whatIsNoToken_isRefused(String text) {
    assertThatThrownBy(() -> PageToken.parse(text, "")).isInstanceOf(ProblemException.class);
  }

  @Test
  void tokenOfAnIdThatIsNone_isRefused() {
    OperationId random = new OperationId(new UUID(0, 0));

    assertThatThrownBy(() -> PageToken.parse(PageToken.of(random, ""), ""))
        .isInstanceOf(ProblemException.class);
  }
}
