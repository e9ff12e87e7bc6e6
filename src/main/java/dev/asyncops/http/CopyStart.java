package dev.asyncops.http;

import static java.util.Objects.requireNonNullElse;

import dev.asyncops.async.ErrorCode;
import dev.asyncops.async.Operation;
import dev.asyncops.files.RootPath;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.CopyMark;
import dev.asyncops.operations.CopyRequest;
import dev.asyncops.operations.CopyRequest.Durability;
import dev.asyncops.operations.CopyRequest.OnConflict;
import dev.asyncops.operations.CopyRequest.Preserve;
import dev.asyncops.operations.CopyRequest.Verify;
import dev.asyncops.operations.OperationOptions;
import dev.asyncops.registry.Claim;
import dev.asyncops.registry.JsonText;
import dev.asyncops.registry.NothingLeft;
import dev.asyncops.registry.OperationInput;
import dev.asyncops.registry.Reach;
import dev.asyncops.registry.RootSet;
import dev.asyncops.registry.Submission;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Judges the body of a copy and makes a submission of it. Touches no file. */
final class CopyStart {

  static final List<@Nullable Preserve> DEFAULT_PRESERVE =
      List.of(Preserve.MODE, Preserve.TIMES, Preserve.LINKS, Preserve.SPARSE);

  static final OnConflict DEFAULT_ON_CONFLICT = OnConflict.FAIL;
  static final Verify DEFAULT_VERIFY = Verify.NONE;
  static final Durability DEFAULT_DURABILITY = Durability.FSYNC;

  private static final String RETRY_OF = "retryOf";

  private final Roots roots;
  private final PathRules paths;
  private final OperationFactory operations;

  CopyStart(Roots roots, OperationFactory operations) {
    this.roots = roots;
    this.paths = new PathRules(roots);
    this.operations = operations;
  }

  /** The same for who reaches these roots: others do not exist. */
  CopyStart within(Reach reach) {
    Roots reached = roots.only(reach::has);
    return reached.equals(roots) ? this : new CopyStart(reached, operations);
  }

  /** The submission; ProblemException with everything that is wrong. */
  Submission submission(CopyBody body) {
    return submission(body, null);
  }

  /**
   * The submission of a retry.
   *
   * @param only which entries of the source; null for all
   */
  Submission submission(CopyBody body, @Nullable RetriedItems only) {
    return submission(body, only, operations::copy);
  }

  /**
   * The submission of a copy that goes on after a restart.
   *
   * @param only which entries of the source; null for all
   * @param mark its last one; null if there is none
   */
  Submission again(CopyBody body, @Nullable RetriedItems only, @Nullable CopyMark mark) {
    return submission(
        body, only, (request, options) -> operations.copyAgain(request, mark, options));
  }

  private Submission submission(
      CopyBody body,
      @Nullable RetriedItems only,
      BiFunction<CopyRequest, OperationOptions, Operation<?>> making) {
    Violations violations = new Violations();
    RootPath source = paths.readable(body.source(), "/source", violations);
    RootPath destination = paths.writable(body.destination(), "/destination", violations);
    if (source != null && destination != null) {
      PathRules.between(source, destination, violations);
    }
    Set<Preserve> preserve = preserve(body.preserve(), violations);
    List<String> include = Globs.check(body.include(), "/include", violations);
    List<String> exclude = Globs.check(body.exclude(), "/exclude", violations);
    CommonOptions options = CommonOptions.of(body, violations);
    violations.throwIfAny();
    if (source == null || destination == null) {
      throw new AssertionError("a missing path is a violation");
    }
    CopyRequest request =
        new CopyRequest(
            source,
            destination,
            requireNonNullElse(body.onConflict(), DEFAULT_ON_CONFLICT),
            requireNonNullElse(body.parents(), false),
            preserve,
            requireNonNullElse(body.verify(), DEFAULT_VERIFY),
            requireNonNullElse(body.durability(), DEFAULT_DURABILITY),
            include,
            exclude,
            requireNonNullElse(body.failFast(), false),
            requireNonNullElse(body.dryRun(), false));
    RootSet below = RootSet.of(List.of(source.root(), destination.root()));
    CopyEcho shown = CopyEcho.of(request, options, only == null ? null : only.retryOf());
    if (only != null && only.isEmpty()) {
      return options.submission(
          OperationKinds.COPY,
          new NothingLeft(),
          shown,
          below,
          OperationInput.of(Json.text(only)),
          List.of(),
          null);
    }
    return options.submission(
        OperationKinds.COPY,
        making.apply(chosen(request, only), options.forOperation()),
        shown,
        below,
        only == null ? null : OperationInput.of(Json.text(only)),
        List.of(claim(destination)),
        null);
  }

  /** The body that asks for what a client is shown; of a retry of some entries, for all of them. */
  static CopyBody body(JsonText request) {
    ObjectNode shown = (ObjectNode) Json.STRICT.readTree(request.text());
    shown.remove(RETRY_OF);
    return StrictJson.read(shown.toString().getBytes(StandardCharsets.UTF_8), CopyBody.class);
  }

  /** The operation some entries of which a copy is a retry of; null if it is none of some. */
  static @Nullable String retryOf(JsonText request) {
    JsonNode first = Json.STRICT.readTree(request.text()).get(RETRY_OF);
    return first == null ? null : first.asString();
  }

  private CopyRequest chosen(CopyRequest request, @Nullable RetriedItems only) {
    if (only == null) {
      return request;
    }
    List<RootPath> entries = only.paths(roots);
    if (!entries.stream().allMatch(request.source()::contains)) {
      throw new ProblemException(ErrorCode.INVALID_DATA, "An item is not below the source.");
    }
    return request.only(entries);
  }

  /** Copies whose destinations overlap compete (K1). */
  private static Claim claim(RootPath destination) {
    return new Claim("copy-destination", claimedPath(destination), true);
  }

  /** A path as segments from its root's name down. */
  static String claimedPath(RootPath path) {
    return path.isRoot() ? path.root() : path.root() + "/" + path.relative();
  }

  private static Set<Preserve> preserve(
      @Nullable List<@Nullable Preserve> given, Violations violations) {
    Set<Preserve> preserve = EnumSet.noneOf(Preserve.class);
    List<@Nullable Preserve> attributes = requireNonNullElse(given, DEFAULT_PRESERVE);
    for (int i = 0; i < attributes.size(); i++) {
      Preserve attribute = attributes.get(i);
      if (attribute == null) {
        violations.invalid(FieldError.pointer("/preserve", i), "An attribute is needed here.");
      } else {
        preserve.add(attribute);
      }
    }
    return preserve;
  }
}
