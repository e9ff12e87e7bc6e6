package dev.asyncops.http;

import dev.asyncops.async.ErrorCode;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the description says of an operation of the API beside its address, its body and its answer,
 * which the controller tells.
 *
 * @param parameters what it may be given, by the names of {@link ApiParameters}
 * @param successes the headers of its answers, by status
 * @param refusals the codes of its problems
 * @param framework those of HTTP itself
 */
record ApiOperation(
    List<String> parameters,
    Map<Integer, List<ApiHeader>> successes,
    Set<ErrorCode> refusals,
    Set<FrameworkCode> framework) {

  /** One that always can be refused because of its answer's type, or for who asks, or fail. */
  static ApiOperation of(String... parameters) {
    return new ApiOperation(
        List.of(parameters),
        Map.of(),
        EnumSet.of(ErrorCode.PERMISSION_DENIED, ErrorCode.FAILED),
        EnumSet.of(FrameworkCode.UNAUTHENTICATED, FrameworkCode.NOT_ACCEPTABLE));
  }

  /** The same, that answers with this status, too. */
  ApiOperation answers(int status, ApiHeader... headers) {
    Map<Integer, List<ApiHeader>> more = new LinkedHashMap<>(successes);
    more.put(status, List.of(headers));
    return new ApiOperation(parameters, more, refusals, framework);
  }

  /** The same, that may be refused for these reasons, too. */
  ApiOperation refuses(Collection<ErrorCode> codes) {
    Set<ErrorCode> more = EnumSet.copyOf(refusals);
    more.addAll(codes);
    return new ApiOperation(parameters, successes, more, framework);
  }

  ApiOperation refuses(ErrorCode... codes) {
    return refuses(List.of(codes));
  }

  ApiOperation refuses(FrameworkCode code) {
    Set<FrameworkCode> more = EnumSet.copyOf(framework);
    more.add(code);
    return new ApiOperation(parameters, successes, refusals, more);
  }

  /** Whether it may wait first and be refused then; a start or a cancel is refused at once. */
  boolean refusesAfterWaiting() {
    return parameters.contains("Prefer")
        && successes.keySet().stream().noneMatch(status -> status == 202);
  }

  /** The codes of its problems by their status. */
  SortedMap<Integer, Set<String>> problems() {
    SortedMap<Integer, Set<String>> problems = new TreeMap<>();
    for (ErrorCode code : refusals) {
      problems.computeIfAbsent(ErrorStatus.of(code), _ -> new TreeSet<>()).add(code.name());
    }
    for (FrameworkCode code : framework) {
      problems.computeIfAbsent(code.status(), _ -> new TreeSet<>()).add(code.name());
    }
    return problems;
  }
}
