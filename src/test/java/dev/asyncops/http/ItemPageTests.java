package dev.asyncops.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.asyncops.async.ItemResult;
import dev.asyncops.async.ItemState;
import dev.asyncops.registry.ItemBlock;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;

/** Pages and streams of items, out of blocks of 1 to 9 items, whose numbers have gaps. */
class ItemPageTests {

  private final List<ItemBlock> blocks = new ArrayList<>();
  private final List<String> all = new ArrayList<>();
  private int reads;
  private int blocksRead;

  ItemPageTests() {
    for (int number = 0; number < 500; number++) {
      int first = all.size();
      List<ItemResult> items =
          IntStream.rangeClosed(0, number % 9)
              .mapToObj(i -> ItemResult.of("data:" + (first + i), ItemState.FAILED))
              .toList();
      items.forEach(item -> all.add(item.path()));
      blocks.add(new ItemBlock(number * 3L, ItemState.FAILED, items));
    }
  }

  private List<ItemBlock> read(long from, int limit) {
    List<ItemBlock> found =
        blocks.stream().filter(block -> block.number() >= from).limit(limit).toList();
    reads++;
    blocksRead += found.size();
    return found;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 50, 500})
  void pages_haveTheirSizeAndShowEachItemOnce(int pageSize) throws Exception {
    List<String> seen = new ArrayList<>();

    ItemPlace from = ItemPlace.FIRST;
    while (from != null) {
      ItemPage page = ItemPage.read(this::read, new ItemQuery("id", Set.of(), pageSize, from));
      page.items().forEach(item -> seen.add(item.path()));
      assertThat(page.items())
          .hasSize(Math.min(pageSize, all.size() - seen.size() + page.items().size()));
      from = page.next();
    }

    assertThat(seen).isEqualTo(all);
  }

  @Test
  void page_readsLittleMoreThanItShows() throws Exception {
    ItemPage.read(this::read, new ItemQuery("id", Set.of(), 50, new ItemPlace(900, 0)));

    assertThat(reads).isLessThan(6);
    assertThat(blocksRead).isLessThan(32);
  }

  @Test
  void pageOfNothing_isTheLast() throws Exception {
    ItemPage page =
        ItemPage.read(this::read, new ItemQuery("id", Set.of(), 5, new ItemPlace(9999, 3)));

    assertThat(page).isEqualTo(new ItemPage(List.of(), null));
  }

  @Test
  void stream_readsWhatIsAskedFor_andNothingAfterACancel() {
    List<ItemBlock> got = new ArrayList<>();
    BaseSubscriber<ItemBlock> subscriber =
        new BaseSubscriber<>() {
          @Override
          protected void hookOnSubscribe(Subscription subscription) {
            request(2);
          }

          @Override
          protected void hookOnNext(ItemBlock block) {
            got.add(block);
          }
        };

    ItemPage.stream(this::read).subscribe(subscriber);
    assertThat(blocksRead).isEqualTo(2);
    subscriber.request(1);
    assertThat(blocksRead).isEqualTo(3);
    subscriber.cancel();
    subscriber.request(10);

    assertThat(blocksRead).isEqualTo(3);
    assertThat(got).isEqualTo(blocks.subList(0, 3));
  }

  @Test
  void stream_endsWithTheLastBlock() {
    assertThat(ItemPage.stream(this::read).collectList().block()).isEqualTo(blocks);
  }
}
