package dev.asyncops.chart;

/** Values that several tests use. */
final class Values {

  static final String DATABASE =
      """
      store:
        url: jdbc:postgresql://db:5433/asyncops
        username: asyncops
        passwordSecret: {name: db}
      networkPolicy: {database: {to: [{podSelector: {matchLabels: {app: postgres}}}], port: 5433}}
      """;

  static final String HOST_PATH =
      """
      allowHostPath: true
      auth: {allowAnonymous: true}
      roots: [{name: disk, hostPath: /srv/disk}, {name: frozen, hostPath: /srv/disk, readOnly: true}]
      """;

  private Values() {}
}
