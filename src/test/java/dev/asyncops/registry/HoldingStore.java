package dev.asyncops.registry;

import dev.asyncops.async.ItemState;
import dev.asyncops.async.MainContext;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A store that saves when a test says so, in the order of the calls: like a disk, only slower. Main
 * context only.
 */
final class HoldingStore implements OperationStore {

  /** Every snapshot that came, saved or not. */
  final List<OperationSnapshot> came = new ArrayList<>();

  /** How often somebody looked whether anything can be written. */
  int checks;

  /** How often somebody looked for a key. */
  int looks;

  /** Where it is saved in the end. */
  final InMemoryOperationStore saved;

  private final ArrayDeque<Runnable> held = new ArrayDeque<>();
  private boolean holding;

  HoldingStore(MainContext context) {
    saved = new InMemoryOperationStore(context);
  }

  /** From now on nothing is saved until it is released. */
  void hold() {
    holding = true;
  }

  /** Saves all that came, and holds nothing any more. */
  void release() {
    holding = false;
    held.forEach(Runnable::run);
    held.clear();
  }

  /** Saves what came first of all that is held, and goes on holding. */
  void releaseOne() {
    held.remove().run();
  }

  @Override
  public void admit(
      OperationSnapshot operation,
      @Nullable OperationInput input,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    came.add(operation);
    hold(() -> saved.admit(operation, input, keyed, callback));
  }

  @Override
  public void save(OperationSnapshot operation, Attachments attachments, SaveCallback callback) {
    came.add(operation);
    hold(() -> saved.save(operation, attachments, callback));
  }

  @Override
  public void addInput(
      OperationId operation,
      OperationInput input,
      @Nullable RootSet roots,
      @Nullable KeyedRequest keyed,
      SaveCallback callback) {
    hold(() -> saved.addInput(operation, input, roots, keyed, callback));
  }

  @Override
  public void findKey(IdempotencyKey key, FindKeyCallback callback) {
    looks++;
    hold(() -> saved.findKey(key, callback));
  }

  @Override
  public void check(SaveCallback callback) {
    checks++;
    hold(() -> saved.check(callback));
  }

  @Override
  public void forget(Instant expiredBy, long surplus, int limit, ForgetCallback callback) {
    hold(() -> saved.forget(expiredBy, surplus, limit, callback));
  }

  private void hold(Runnable write) {
    if (holding) {
      held.add(write);
    } else {
      write.run();
    }
  }

  @Override
  public Optional<OperationSnapshot> find(OperationId id) {
    return saved.find(id);
  }

  @Override
  public List<OperationSnapshot> list(OperationQuery query) {
    return saved.list(query);
  }

  @Override
  public List<ItemBlock> items(OperationId id, Set<ItemState> states, long from, int limit) {
    return saved.items(id, states, from, limit);
  }

  @Override
  public Inputs inputs(OperationId id) {
    return saved.inputs(id);
  }

  @Override
  public List<Unfinished> unfinished() {
    return saved.unfinished();
  }

  @Override
  public List<Finished> finishedAtOpening() {
    return saved.finishedAtOpening();
  }
}
