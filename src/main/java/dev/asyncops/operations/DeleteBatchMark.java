package dev.asyncops.operations;

import java.util.List;

/**
 * Which paths that clients named a delete-batch has not ended yet: what an attempt after it goes on
 * with, or a retry of one that was stopped has to do. Immutable; fits the counts of its moment.
 *
 * <p>Inputs are the calls of the batch: 0 is what it was admitted with, 1 and so on joined it, in
 * that order. Paths are handed out in order, so few ranges say it all.
 *
 * @param inputs how many inputs the counts know of; all of what came later is left
 * @param roots those with something left
 * @param again of the entries that a walk has ended, how many it will find again, because it goes
 *     again through the directories they are in
 * @param failedAgain how many of these had failed
 */
public record DeleteBatchMark(int inputs, List<Below> roots, long again, long failedAgain) {

  /** Copies the list. */
  public DeleteBatchMark {
    roots = List.copyOf(roots);
  }

  /**
   * What is left below one root.
   *
   * @param root its name
   * @param next from this input on all is left
   * @param left what is left of the inputs before that one
   */
  public record Below(String root, int next, List<Range> left) {

    /** Copies the list. */
    public Below {
      left = List.copyOf(left);
    }
  }

  /**
   * Some positions of an input's paths below a root.
   *
   * @param input the number of the input
   * @param from the first one
   * @param to the one after the last
   */
  public record Range(int input, long from, long to) {}
}
