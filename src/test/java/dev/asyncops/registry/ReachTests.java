package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReachTests {

  private static final RootSet BOTH = RootSet.of(List.of("data", "archive"));

  @Test
  void anOperation_isReached_onlyWithAllItsRoots() {
    assertThat(Reach.of(List.of("archive", "data", "more")).has(BOTH)).isTrue();
    assertThat(Reach.of(List.of("data")).has(BOTH)).isFalse();
    assertThat(Reach.of(List.of()).has(BOTH)).isFalse();
    assertThat(Reach.ALL.has(BOTH)).isTrue();
  }

  @Test
  void unknownRoots_areReachedWithEverythingOnly() {
    assertThat(Reach.of(List.of("data", "archive")).has(RootSet.UNKNOWN)).isFalse();
    assertThat(Reach.ALL.has(RootSet.UNKNOWN)).isTrue();
  }

  @Test
  void aSet_isTheSameInAnyOrder_andGrows() {
    assertThat(RootSet.of(List.of("archive", "data"))).isEqualTo(BOTH);
    assertThat(BOTH.text()).isEqualTo("archive,data");
    assertThat(BOTH.names()).containsExactly("archive", "data");
    assertThat(RootSet.of(List.of("data")).and(RootSet.of(List.of("archive")))).isEqualTo(BOTH);
    assertThat(BOTH.and(RootSet.NONE)).isEqualTo(BOTH);
    assertThat(RootSet.NONE.and(BOTH)).isEqualTo(BOTH);
    assertThat(RootSet.of(List.of()).names()).isEmpty();
  }

  @Test
  void whatHasNoRoots_hasThoseOfItsStarter() {
    Submitting empty = Submitting.of(ScriptedOperation.ofItems(0)).below();

    assertThat(empty.now().admittedRoots()).isEqualTo(RootSet.UNKNOWN);
    assertThat(empty.reaching("data").now().admittedRoots()).isEqualTo(RootSet.of(List.of("data")));
    assertThat(empty.reaching().now().admittedRoots()).isEqualTo(RootSet.NONE);
  }
}
