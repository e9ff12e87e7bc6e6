package dev.asyncops.registry;

/** What somebody wants to be changed about an operation. */
@FunctionalInterface
public interface OperationChange {

  /**
   * The settings that the operation is to have instead of those it has. Called once, on the main
   * context. If it throws, nothing is changed and the answer is {@link Change.Declined}.
   *
   * @param operation as it stands
   */
  OperationSettings settings(OperationSnapshot operation);
}
