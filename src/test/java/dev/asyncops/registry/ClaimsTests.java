package dev.asyncops.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimsTests {

  private final Claims<String> claims = new Claims<>();

  @ParameterizedTest(name = "{0} (tree: {1}) and then {2} (tree: {3}): {4}")
  @CsvSource({
    // the same path competes always
    "data/a, false, data/a, false, true",
    "data/a, false, data/a, true, true",
    "data/a, true, data/a, false, true",
    "data/a, true, data/a, true, true",
    // below a tree
    "data/a, true, data/a/b, false, true",
    "data/a, true, data/a/b/c, true, true",
    "data, true, data/a, false, true",
    // below what is no tree
    "data/a, false, data/a/b, false, false",
    "data/a, false, data/a/b, true, false",
    // above
    "data/a/b, false, data/a, true, true",
    "data/a/b/c, true, data/a, true, true",
    "data/a/b, true, data, true, true",
    "data/a/b, true, data/a, false, false",
    // beside, however alike the names
    "data/a, true, data/b, true, false",
    "data/a, true, data/ab, true, false",
    "data/a, true, data/a.b, true, false",
    "data/a-b, true, data/a, true, false",
    "data/a b/c, true, data/a, true, false",
    "data/a, true, archive/a, true, false",
  })
  void k1_claims_competeIffOnePathIsCoveredByTheOther(
      String held, boolean heldTree, String next, boolean nextTree, boolean competes) {
    claims.add(List.of(claim(held, heldTree)), "holder");

    String competitor = claims.competing(List.of(claim(next, nextTree)));

    assertThat(competitor).isEqualTo(competes ? "holder" : null);
  }

  @Test
  void claims_ofDifferentSpaces_doNotCompete() {
    claims.add(List.of(new Claim("copy-destination", "data/a", true)), "copy");

    assertThat(claims.competing(List.of(new Claim("connect-address", "data/a", true)))).isNull();
  }

  @Test
  void competing_amongMany_findsTheAncestorPastItsNeighbours() {
    claims.add(List.of(claim("data/m", true)), "tree");
    IntStream.range(0, 1000)
        .forEach(i -> claims.add(List.of(claim("data/m-" + i, true)), "beside " + i));
    IntStream.range(0, 1000)
        .forEach(i -> claims.add(List.of(claim("data/m!" + i + "/x", true)), "other " + i));

    assertThat(claims.competing(List.of(claim("data/m/z/z/z", false)))).isEqualTo("tree");
    assertThat(claims.competing(List.of(claim("data/m0", true)))).isNull();
    assertThat(claims.competing(List.of(claim("data", true)))).isNotNull();
  }

  @Test
  void add_ofClaimsThatCoverEachOther_holdsTheUnionForTheirOneHolder() {
    List<Claim> overlapping =
        List.of(
            claim("data/a/b", true),
            claim("data/a", true),
            claim("data/a/c", false),
            claim("data/a", false));

    claims.add(overlapping, "holder");

    assertThat(claims.competing(List.of(claim("data/a/z", false)))).isEqualTo("holder");
    claims.remove(overlapping, "holder");
    assertThat(claims.competing(List.of(claim("data", true)))).isNull();
  }

  @Test
  void remove_givesBackOnlyWhatTheHolderHas() {
    List<Claim> path = List.of(claim("data/a", true));
    claims.add(path, "holder");

    claims.remove(path, "another");
    assertThat(claims.competing(path)).isEqualTo("holder");

    claims.remove(path, "holder");
    assertThat(claims.competing(path)).isNull();
  }

  @Test
  void competing_looksAtEveryClaim() {
    claims.add(List.of(claim("data/b", false)), "holder");

    String competitor = claims.competing(List.of(claim("data/a", false), claim("data/b", false)));

    assertThat(competitor).isEqualTo("holder");
  }

  private static Claim claim(String path, boolean tree) {
    return new Claim("destination", path, tree);
  }
}
