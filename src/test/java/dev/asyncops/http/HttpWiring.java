package dev.asyncops.http;

import dev.asyncops.async.MainContext;
import dev.asyncops.async.Operation;
import dev.asyncops.files.Roots;
import dev.asyncops.operations.ConnectOperation;
import dev.asyncops.operations.ConnectRequest;
import dev.asyncops.operations.ConnectSettings;
import dev.asyncops.operations.CopyRequest;
import dev.asyncops.operations.DeleteBatchOperation;
import dev.asyncops.operations.DeleteBatchRequest;
import dev.asyncops.operations.OperationOptions;
import dev.asyncops.operations.OperationServices;
import dev.asyncops.registry.OperationRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class HttpWiring {

  @Bean
  HttpCodecs httpCodecs() {
    return new HttpCodecs(16 * 1024 * 1024);
  }

  @Bean
  ProblemHandler problemHandler() {
    return new ProblemHandler();
  }

  @Bean
  OperationFactory operationFactory(OperationServices services, ConnectSettings settings) {
    return new OperationFactory() {
      @Override
      public Operation<?> copy(CopyRequest request, OperationOptions options) {
        throw new UnsupportedOperationException();
      }

      @Override
      public Operation<?> deleteBatch(DeleteBatchRequest request, OperationOptions options) {
        return new DeleteBatchOperation(request, options, services);
      }

      @Override
      public Operation<?> connect(ConnectRequest request, OperationOptions options) {
        return new ConnectOperation(request, options, services, settings);
      }
    };
  }

  @Bean
  StartController startController(
      MainContext context, OperationRegistry registry, Roots roots, OperationFactory operations) {
    return new StartController(context, registry, roots, operations);
  }

  @Bean
  OperationController operationController(MainContext context, OperationRegistry registry) {
    return new OperationController(context, registry);
  }

  @Bean
  OperationListController operationListController(OperationRegistry registry) {
    return new OperationListController(registry);
  }
}
