# The service as an image: built, taken apart into layers, trained, and run without rights.
#   docker build -t asyncops .
# The base images are pinned by their full version. A tag can still be moved: where that matters, build with
# digests, --build-arg JDK=eclipse-temurin:25.0.3_9-jdk-noble@sha256:… and JRE likewise.
ARG JDK=eclipse-temurin:25.0.3_9-jdk-noble
ARG JRE=eclipse-temurin:25.0.3_9-jre-noble

FROM ${JDK} AS build
WORKDIR /source
# What is needed to fetch the dependencies first: they change less often than the code.
COPY mvnw pom.xml ./
COPY .mvn .mvn
COPY src/docs/openapi.json src/docs/openapi.json
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -ntp -q dependency:resolve dependency:resolve-plugins
COPY . .
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -ntp package -DskipTests \
 && cp target/asyncops-*.jar asyncops.jar \
 && java -Djarmode=tools -jar asyncops.jar extract --layers --destination /layers \
 && javac -d /main-job/main-job src/image/MainJob.java

# With the very Java that will run it, and the very files: the cache is for these alone.
FROM ${JRE} AS train
COPY --from=build /layers/dependencies/ /layers/spring-boot-loader/ /layers/snapshot-dependencies/ /layers/application/ /main-job/ /app/
COPY src/image/train src/image/options /image/
RUN /image/train /app $(cat /image/options)

FROM ${JRE}
ARG VERSION=0.1.0-SNAPSHOT
ARG REVISION=
LABEL org.opencontainers.image.title="asyncops" \
      org.opencontainers.image.description="Long file and network work over HTTP: start it, watch it, cancel it, read its result" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
# Empty directories of the user, for volumes that begin as what is here.
RUN install -d -o 10001 -g 10001 /state /roots
COPY --from=build /layers/dependencies/ /app/
COPY --from=build /layers/spring-boot-loader/ /app/
COPY --from=build /layers/snapshot-dependencies/ /app/
COPY --from=build /layers/application/ /main-job/ /app/
COPY --from=train /app/asyncops.aot /app/
WORKDIR /state
USER 10001:10001
EXPOSE 8080
STOPSIGNAL SIGTERM
# What may be chosen anew; half of the memory is left to threads, buffers and the page cache.
ENV JDK_JAVA_OPTIONS="-XX:MaxRAMPercentage=50 -XX:+ExitOnOutOfMemoryError" \
    ASYNCOPS_STATE_DIR=/state
# What the cache depends on, as in src/image/options. Probes are Kubernetes' business.
ENTRYPOINT ["java", "-XX:AOTCache=/app/asyncops.aot", "-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders", "-jar", "/app/asyncops.jar"]
