package dev.asyncops.config;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.MainContextWatchdog;
import dev.asyncops.async.Ticker;
import dev.asyncops.files.FileAccesses;
import dev.asyncops.files.IoPools;
import dev.asyncops.files.Roots;
import dev.asyncops.http.ApiDescription;
import dev.asyncops.http.ApiPage;
import dev.asyncops.http.ApiSchemas;
import dev.asyncops.http.CrossSiteRequests;
import dev.asyncops.http.EventController;
import dev.asyncops.http.EventHub;
import dev.asyncops.http.EventLoops;
import dev.asyncops.http.HttpCodecs;
import dev.asyncops.http.MalformedRequests;
import dev.asyncops.http.OperationController;
import dev.asyncops.http.OperationFactory;
import dev.asyncops.http.OperationItemsController;
import dev.asyncops.http.OperationKinds;
import dev.asyncops.http.OperationListController;
import dev.asyncops.http.PageController;
import dev.asyncops.http.ProblemHandler;
import dev.asyncops.http.RetryController;
import dev.asyncops.http.StartController;
import dev.asyncops.http.StoredSubmissions;
import dev.asyncops.http.UnfinishedRequests;
import dev.asyncops.http.UploadController;
import dev.asyncops.observability.AcceptingHealthIndicator;
import dev.asyncops.observability.EventMetrics;
import dev.asyncops.observability.IoMetrics;
import dev.asyncops.observability.KnownKinds;
import dev.asyncops.observability.MainContextGauges;
import dev.asyncops.observability.MainContextHealthIndicator;
import dev.asyncops.observability.MainContextMetrics;
import dev.asyncops.observability.OperationLog;
import dev.asyncops.observability.OperationMetrics;
import dev.asyncops.observability.StoreHealthIndicator;
import dev.asyncops.observability.StoreMetrics;
import dev.asyncops.operations.Bandwidth;
import dev.asyncops.operations.ConnectSettings;
import dev.asyncops.operations.OperationServices;
import dev.asyncops.registry.ManifestStore;
import dev.asyncops.registry.OperationIds;
import dev.asyncops.registry.OperationRegistry;
import dev.asyncops.registry.OperationStore;
import dev.asyncops.store.SqlOperationStore;
import io.swagger.v3.oas.models.OpenAPI;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.util.unit.DataSize;

/**
 * Puts the rooms together, from the bottom up. What is imported is made by Spring from these beans:
 * the controllers, and what needs the meter registry.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(AsyncopsProperties.class)
@Import({
  MainContextMetrics.class,
  OperationMetrics.class,
  StoreMetrics.class,
  StartController.class,
  UploadController.class,
  OperationController.class,
  OperationItemsController.class,
  OperationListController.class,
  RetryController.class,
  ApiPage.class,
  EventController.class,
  PageController.class,
  ProblemHandler.class
})
class AsyncopsConfiguration {

  private static final Logger LOG = System.getLogger(AsyncopsConfiguration.class.getName());

  /** A callback that holds the main context for longer is reported (M20). */
  private static final Duration SLOW_CALLBACK = Duration.ofMillis(50);

  // ---- The core

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  /** Closed by its lifecycle, in its turn. */
  @Bean(destroyMethod = "")
  MainContext mainContext(MainContextMetrics metrics) {
    return new MainContext("main-context", Ticker.system(), metrics);
  }

  @Bean
  MainContextLifecycle mainContextLifecycle(MainContext context, IoPools pools) {
    MainContextWatchdog watchdog = new MainContextWatchdog(context, SLOW_CALLBACK, Ticker.system());
    return new MainContextLifecycle(context, watchdog, pools);
  }

  // ---- Files and operations

  @Bean
  Roots roots(AsyncopsProperties properties) {
    return new Roots(RootDirectories.find(properties.roots()));
  }

  /** Chosen at the start, and said in the log and in {@code /actuator/info}. */
  @Bean
  FileAccesses fileAccesses(Roots roots) {
    FileAccesses chosen = FileAccesses.forThisSystem(roots);
    LOG.log(chosen.reason() == null ? Level.INFO : Level.WARNING, chosen.toString());
    return chosen;
  }

  @Bean
  InfoContributor fileAccessInfo(FileAccesses chosen) {
    return info ->
        info.withDetail("files", Map.of("access", chosen.name(), "guarantee", chosen.guarantee()));
  }

  /** Closed by the lifecycle of the main context, before it. */
  @Bean(destroyMethod = "")
  IoPools ioPools(Roots roots, AsyncopsProperties properties) {
    return new IoPools(roots.all(), properties.limits().effectiveIoThreads());
  }

  @Bean
  Bandwidth bandwidth(MainContext context, AsyncopsProperties properties) {
    DataSize limit = properties.limits().bytesPerSecond();
    return new Bandwidth(context, Ticker.system(), limit == null ? null : limit.toBytes());
  }

  @Bean
  OperationServices operationServices(
      MainContext context, FileAccesses chosen, IoPools pools, Bandwidth bandwidth) {
    return new OperationServices(context, chosen.files(), pools, bandwidth);
  }

  @Bean
  ConnectSettings connectSettings(AsyncopsProperties properties) {
    return new ConnectSettings(
        ConnectNetworks.read(properties.connect().allow()), properties.connect().defaultPort());
  }

  // ---- The registry

  @Bean
  KnownKinds knownKinds() {
    return new KnownKinds(OperationKinds.ALL);
  }

  /** Closed when nobody reads or writes any more: after all that is made with it. */
  @Bean
  SqlOperationStore operationStore(
      MainContext context, AsyncopsProperties properties, StoreMetrics metrics) {
    return properties.store().isEmbedded()
        ? SqlOperationStore.embedded(context, properties.stateDir(), metrics::committed)
        : SqlOperationStore.postgres(context, properties.store().settings(), metrics::committed);
  }

  @Bean
  ManifestStore manifestStore(SqlOperationStore store) {
    return store.manifests();
  }

  @Bean
  OperationRegistry operationRegistry(
      MainContext context,
      AsyncopsProperties properties,
      KnownKinds kinds,
      Clock clock,
      OperationStore store,
      EventHub events,
      OperationMetrics metrics) {
    return new OperationRegistry(
        context,
        properties.registryLimits(),
        kinds.names(),
        clock,
        Ticker.system(),
        new OperationIds(clock, new SecureRandom()),
        store,
        List.of(events, metrics, new OperationLog()));
  }

  @Bean
  RecoveryLifecycle recoveryLifecycle(
      MainContext context,
      OperationRegistry registry,
      OperationStore store,
      ManifestStore manifests,
      Roots roots,
      OperationServices services,
      ConnectSettings connects) {
    return new RecoveryLifecycle(
        context,
        registry,
        store,
        new StoredSubmissions(roots, new NewOperations(services, connects), manifests),
        new StoredSubmissions(roots, new CleanUps(services), manifests));
  }

  @Bean
  DrainLifecycle drainLifecycle(
      MainContext context, OperationRegistry registry, AsyncopsProperties properties) {
    return new DrainLifecycle(context, registry, properties.shutdown().drain());
  }

  // ---- HTTP

  @Bean
  OperationFactory operationFactory(OperationServices services, ConnectSettings connects) {
    return new NewOperations(services, connects);
  }

  @Bean
  CrossSiteRequests crossSiteRequests() {
    return new CrossSiteRequests();
  }

  @Bean
  EventLoops eventLoops() {
    return new EventLoops();
  }

  @Bean
  HttpCodecs httpCodecs(AsyncopsProperties properties) {
    AsyncopsProperties.Limits limits = properties.limits();
    return new HttpCodecs(
        Math.toIntExact(limits.bodyBytes().toBytes()), limits.effectiveMemory() / 4);
  }

  @Bean
  OpenAPI apiBeginning() {
    return ApiDescription.beginning();
  }

  @Bean
  ApiDescription apiDescription() {
    return new ApiDescription();
  }

  @Bean
  ApiSchemas apiSchemas() {
    return new ApiSchemas();
  }

  /** Closed when nothing is published any more: after all that is made with it. */
  @Bean
  EventHub eventHub(AsyncopsProperties properties) {
    return new EventHub(properties.limits().eventSubscribers());
  }

  /** Before anything is waited for: streams are requests that would not end by themselves. */
  @Bean
  ApplicationListener<ContextClosedEvent> endOfEventStreams(EventHub hub) {
    return _ -> hub.endStreams();
  }

  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> malformedRequests() {
    return factory -> factory.addServerCustomizers(MalformedRequests::explained);
  }

  @Bean
  WebServerFactoryCustomizer<NettyReactiveWebServerFactory> unfinishedRequests(
      AsyncopsProperties properties) {
    Duration timeout = properties.limits().requestTimeout();
    return factory ->
        factory.addServerCustomizers(server -> UnfinishedRequests.limited(server, timeout));
  }

  // ---- What operators see

  @Bean
  MainContextGauges mainContextGauges(MainContext context) {
    return new MainContextGauges(context);
  }

  @Bean
  IoMetrics ioMetrics(IoPools pools) {
    return new IoMetrics(
        pools.all().stream()
            .map(pool -> new IoMetrics.Pool(pool.name(), pool::busy, pool::limit))
            .toList());
  }

  @Bean
  EventMetrics eventMetrics(EventHub hub) {
    return new EventMetrics(hub::subscribers);
  }

  @Bean
  MainContextHealthIndicator mainContextHealthIndicator(
      MainContext context, MainContextLifecycle lifecycle) {
    return new MainContextHealthIndicator(context, lifecycle::isAlive, Ticker.system());
  }

  @Bean
  StoreHealthIndicator storeHealthIndicator(OperationRegistry registry, SqlOperationStore store) {
    return new StoreHealthIndicator(registry::storeFailure, store::checkReading);
  }

  @Bean
  AcceptingHealthIndicator acceptingHealthIndicator(OperationRegistry registry) {
    return new AcceptingHealthIndicator(registry::isAccepting);
  }
}
