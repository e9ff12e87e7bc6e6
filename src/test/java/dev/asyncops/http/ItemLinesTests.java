package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.registry.ItemBlock;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ItemLinesTests {

  private static final ItemBlock BLOCK =
      new ItemBlock(
          0,
          ItemState.FAILED,
          List.of(
              new ItemResult(
                  "data:a,\"b\"\r\n=é",
                  null,
                  "archive:x",
                  ItemState.FAILED,
                  ErrorCode.NOT_FOUND,
                  "'x' is gone.",
                  7,
                  null),
              new ItemResult(
                  "data:\uFFFD", "/w==", null, ItemState.FAILED, null, null, 0, "00ff")));

  @Test
  void csv_isQuotedWhereItHasTo_andIsDataAsItIs() {
    assertThat(new String(ItemLines.csvHeader(), StandardCharsets.UTF_8))
        .isEqualTo("path,destination,state,code,detail,bytes,sha256,pathBase64\r\n");
    assertThat(new String(ItemLines.csv(BLOCK), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            "data:a,""b""\r
            =é",archive:x,FAILED,NOT_FOUND,'x' is gone.,7,,\r
            data:\uFFFD,,FAILED,,,0,00ff,/w==\r
            """);
  }

  @Test
  void json_isAnItemALine_withTheBytesOfANameWhereTheyAreNeeded() {
    assertThat(new String(ItemLines.json(BLOCK), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            {"path":"data:a,\\"b\\"\\r\\n=é","destination":"archive:x","state":"FAILED",\
            "code":"NOT_FOUND","detail":"'x' is gone.","bytes":7,"sha256":null}
            {"path":"data:\uFFFD","pathBase64":"/w==","destination":null,"state":"FAILED",\
            "code":null,"detail":null,"bytes":0,"sha256":"00ff"}
            """);
  }
}
