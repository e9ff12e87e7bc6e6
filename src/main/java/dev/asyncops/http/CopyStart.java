package dev.asyncops.http;

import static java.util.Objects.requireNonNullElse;

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
import dev.asyncops.registry.Submission;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Judges the body of a copy and makes a submission of it. Touches no file. */
final class CopyStart {

  private static final List<@Nullable Preserve> DEFAULT_PRESERVE =
      List.of(Preserve.MODE, Preserve.TIMES, Preserve.LINKS, Preserve.SPARSE);

  private final PathRules paths;
  private final OperationFactory operations;

  CopyStart(Roots roots, OperationFactory operations) {
    this.paths = new PathRules(roots);
    this.operations = operations;
  }

  /** The submission; ProblemException with everything that is wrong. */
  Submission submission(CopyBody body) {
    return submission(body, operations::copy);
  }

  /**
   * The submission of a copy that goes on after a restart.
   *
   * @param mark its last one; null if there is none
   */
  Submission again(CopyBody body, @Nullable CopyMark mark) {
    return submission(body, (request, options) -> operations.copyAgain(request, mark, options));
  }

  private Submission submission(
      CopyBody body, BiFunction<CopyRequest, OperationOptions, Operation<?>> making) {
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
            requireNonNullElse(body.onConflict(), OnConflict.FAIL),
            requireNonNullElse(body.parents(), false),
            preserve,
            requireNonNullElse(body.verify(), Verify.NONE),
            requireNonNullElse(body.durability(), Durability.FSYNC),
            include,
            exclude,
            requireNonNullElse(body.failFast(), false),
            requireNonNullElse(body.dryRun(), false));
    return options.submission(
        OperationKinds.COPY,
        making.apply(request, options.forOperation()),
        CopyEcho.of(request, options),
        List.of(claim(destination)));
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
