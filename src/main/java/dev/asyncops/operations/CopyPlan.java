package dev.asyncops.operations;

import dev.asyncops.async.OperationException;
import dev.asyncops.files.FileStatus;
import dev.asyncops.files.KeptAttribute;
import dev.asyncops.files.RootPath;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one copy is to do, as far as it is known before anything is looked at. Immutable.
 *
 * @param id the operation's id
 * @param request what was asked for
 * @param filter which entries are copied
 * @param kept the attributes that are kept
 * @param again whether there was an attempt before
 * @param goesOn whether it goes on in what that attempt has staged
 */
record CopyPlan(
    String id,
    CopyRequest request,
    CopyFilter filter,
    Set<KeptAttribute> kept,
    boolean again,
    boolean goesOn) {

  static CopyPlan of(String id, CopyRequest request, CopyFilter filter) {
    Set<KeptAttribute> kept = EnumSet.noneOf(KeptAttribute.class);
    for (CopyRequest.Preserve preserve : request.preserve()) {
      switch (preserve) {
        case MODE -> kept.add(KeptAttribute.MODE);
        case TIMES -> kept.add(KeptAttribute.TIMES);
        case OWNER -> kept.add(KeptAttribute.OWNER);
        case XATTRS -> kept.add(KeptAttribute.XATTRS);
        case LINKS, SPARSE -> {}
      }
    }
    return new CopyPlan(id, request, filter, kept, false, false);
  }

  /** The same, after an attempt before. */
  CopyPlan onceMore() {
    return new CopyPlan(id, request, filter, kept, true, false);
  }

  /** The same, in what the attempt before has staged. */
  CopyPlan goingOn() {
    return new CopyPlan(id, request, filter, kept, true, true);
  }

  /** Where an entry below the source is to appear. */
  RootPath destinationOf(RootPath entry) {
    RootPath place = request.destination();
    int top = request.source().depth();
    for (String name : entry.segments().subList(top, entry.depth())) {
      place = place.resolve(name);
    }
    return place;
  }

  /**
   * What is done about what exists at an entry's destination. What was chosen appears with one
   * rename, and has its times then: so what is there and has them may be an attempt's before, and
   * is no conflict (FAIL).
   */
  CopyDecision decide(CopyEntry entry, @Nullable FileStatus existing) throws OperationException {
    boolean mayBeOurs = again && entry.isChosen() && kept.contains(KeptAttribute.TIMES);
    if (existing != null
        && mayBeOurs
        && request.onConflict() == CopyRequest.OnConflict.FAIL
        && CopyDecision.isCurrent(entry, existing)) {
      return CopyDecision.DONE;
    }
    return CopyDecision.of(entry, existing, request.onConflict());
  }

  /**
   * Whether a file is known to be finished by its size and time, and can then be given all else
   * that is kept: what was verified has to be verified again, and extended attributes that the
   * source has lost would stay.
   */
  boolean canGoOn() {
    return kept.contains(KeptAttribute.TIMES)
        && !kept.contains(KeptAttribute.XATTRS)
        && !isVerified()
        && !request.dryRun();
  }

  boolean keepsLinks() {
    return request.preserve().contains(CopyRequest.Preserve.LINKS);
  }

  boolean isDurable() {
    return request.durability() == CopyRequest.Durability.FSYNC;
  }

  boolean isVerified() {
    return request.verify() == CopyRequest.Verify.SHA256;
  }

  /** Whether what exists may be replaced. */
  boolean replaces() {
    return request.onConflict() == CopyRequest.OnConflict.OVERWRITE
        || request.onConflict() == CopyRequest.OnConflict.UPDATE;
  }

  /**
   * Where the entry grows until it is published: beside its destination, under a name that follows
   * from the operation and the destination. So an operation that goes on after a crash meets what
   * it left there, and nobody else does.
   */
  RootPath temporary(RootPath destination) {
    return destination.parent().resolve(TemporaryName.of(id, destination.name()));
  }

  /** What an attempt before has staged, to be gone on in or removed; null if there is nothing. */
  @Nullable RootPath leftover() {
    return goesOn ? temporary(request.destination()) : null;
  }

  /** The error, told with the name the client knows instead of where the entry is growing. */
  static OperationException retold(OperationException error, RootPath growing, RootPath known) {
    String detail = error.detail().replace(growing.toString(), known.toString());
    return detail.equals(error.detail())
        ? error
        : new OperationException(error.code(), detail, error);
  }
}
