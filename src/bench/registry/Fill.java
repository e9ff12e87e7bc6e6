import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills the registry of a service that does not run with copies of its finished operations, each a
 * millisecond older than the one before; one in a hundred has a label.
 */
public class Fill {

  private static final String COLUMNS =
      "kind, state, revision, created_by, expire_time, request, labels, user_data, snapshot, result,"
          + " mark";

  /** Arguments: the database, and how many finished operations there are to be. */
  public static void main(String[] arguments) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + arguments[0])) {
      connection.setAutoCommit(false);
      fill(connection, Long.parseLong(arguments[1]));
      connection.commit();
    }
  }

  private static void fill(Connection connection, long wanted) throws SQLException {
    List<byte[]> models = new ArrayList<>();
    long oldest = Long.MAX_VALUE;
    long there = 0;
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT id FROM operations WHERE expire_time IS NOT NULL ORDER BY id")) {
      while (row.next()) {
        there++;
        oldest = Math.min(oldest, millis(row.getBytes(1)));
        if (models.size() < 100) {
          models.add(row.getBytes(1));
        }
      }
    }
    try (PreparedStatement copy =
            connection.prepareStatement(
                "INSERT INTO operations (id, %1$s) SELECT ?, %1$s FROM operations WHERE id = ?"
                    .formatted(COLUMNS));
        PreparedStatement labels =
            connection.prepareStatement(
                "UPDATE operations SET labels = '{\"team\":\"a\"}' WHERE id = ?");
        PreparedStatement label =
            connection.prepareStatement("INSERT INTO operation_labels VALUES (?, 'team', 'a')")) {
      for (long number = 1; number <= wanted - there; number++) {
        byte[] id = id(oldest - number, number);
        copy.setBytes(1, id);
        copy.setBytes(2, models.get((int) (number % models.size())));
        copy.executeUpdate();
        if (number % 100 == 0) {
          labels.setBytes(1, id);
          labels.executeUpdate();
          label.setBytes(1, id);
          label.executeUpdate();
        }
      }
    }
  }

  private static long millis(byte[] id) {
    return ByteBuffer.wrap(id).getLong() >>> 16;
  }

  /** A UUIDv7 of that time. */
  private static byte[] id(long millis, long number) {
    return ByteBuffer.allocate(16)
        .putLong(millis << 16 | 0x7000)
        .putLong(0x8000_0000_0000_0000L | number)
        .array();
  }
}
