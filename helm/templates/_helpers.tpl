{{- define "asyncops.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 52 | trimSuffix "-" -}}
{{- end -}}

{{/* 52 characters: a stateful set puts a hash behind its name into a label of 63. */}}
{{- define "asyncops.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 52 | trimSuffix "-" -}}
{{- else if contains (include "asyncops.name" .) .Release.Name -}}
{{- .Release.Name | trunc 52 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "asyncops.name" .) | trunc 52 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* What the chart says of itself wins over commonLabels. */}}
{{- define "asyncops.labels" -}}
{{- $own := dict "helm.sh/chart" (printf "%s-%s" .Chart.Name (.Chart.Version | replace "+" "_")) "app.kubernetes.io/name" (include "asyncops.name" .) "app.kubernetes.io/instance" .Release.Name "app.kubernetes.io/version" (.Chart.AppVersion | trunc 63) "app.kubernetes.io/managed-by" .Release.Service -}}
{{- mergeOverwrite (deepCopy .Values.commonLabels) $own | toYaml -}}
{{- end -}}

{{- define "asyncops.selectorLabels" -}}
app.kubernetes.io/name: {{ include "asyncops.name" . | quote }}
app.kubernetes.io/instance: {{ .Release.Name | quote }}
app.kubernetes.io/component: server
{{- end -}}

{{- define "asyncops.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{- define "asyncops.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "asyncops.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "asyncops.tokensSecret" -}}
{{- default (printf "%s-tokens" (include "asyncops.fullname" .)) .Values.auth.tokensSecret.name -}}
{{- end -}}

{{/* The volume that has the state: the claim of the template, an existing one, or none that lasts. */}}
{{- define "asyncops.stateVolume" -}}
{{- if .Values.store.url -}}
{{- dict "emptyDir" (dict "sizeLimit" "64Mi") | toYaml -}}
{{- else if .Values.state.existingClaim -}}
{{- dict "persistentVolumeClaim" (dict "claimName" .Values.state.existingClaim) | toYaml -}}
{{- end -}}
{{- end -}}

{{- define "asyncops.stateClaim" -}}
{{- default (printf "state-%s-0" (include "asyncops.fullname" .)) .Values.state.existingClaim -}}
{{- end -}}

{{/* Whether the work is lost with the pod anyway: a trial. */}}
{{- define "asyncops.onlyScratch" -}}
{{- $only := "true" -}}
{{- range .Values.roots -}}{{- if not (hasKey . "emptyDir") -}}{{- $only = "" -}}{{- end -}}{{- end -}}
{{- $only -}}
{{- end -}}

{{/* Volume of a root: roots of one claim or host path share it. */}}
{{- define "asyncops.rootVolumeName" -}}
{{- if .claim -}}
{{- printf "claim-%s" (.claim | sha256sum | trunc 12) -}}
{{- else if .hostPath -}}
{{- printf "host-%s" (.hostPath | sha256sum | trunc 12) -}}
{{- else -}}
{{- printf "scratch-%s" .name -}}
{{- end -}}
{{- end -}}

{{/* The settings of the service, as a file that Spring Boot reads. */}}
{{- define "asyncops.settings" -}}
{{- $roots := dict -}}
{{- range .Values.roots -}}
{{- $_ := set $roots .name (dict "path" (printf "/roots/%s" .name) "read-only" (default false .readOnly)) -}}
{{- end -}}
{{- if .Values.tests.enabled -}}
{{- $_ := set $roots "chart-test" (dict "path" "/roots/chart-test" "read-only" false) -}}
{{- $_ := set $roots "chart-test-source" (dict "path" "/roots/chart-test-source" "read-only" true) -}}
{{- end -}}
{{- $limits := dict "running" (int64 .Values.limits.running) "queued" (int64 .Values.limits.queued) "body-bytes" .Values.limits.bodyBytes "event-subscribers" (int64 .Values.limits.eventSubscribers) "request-timeout" (printf "%ds" (int64 .Values.limits.requestTimeoutSeconds)) -}}
{{- with .Values.limits.memory -}}{{- $_ := set $limits "memory" . -}}{{- end -}}
{{- with .Values.limits.ioThreads -}}{{- $_ := set $limits "io-threads" (int64 .) -}}{{- end -}}
{{- with .Values.limits.bytesPerSecond -}}{{- $_ := set $limits "bytes-per-second" . -}}{{- end -}}
{{- $asyncops := dict "roots" $roots "state-dir" "/state" "limits" $limits "retention" (dict "max-age" .Values.retention.maxAge "max-count" (int64 .Values.retention.maxCount)) "connect" (dict "allow" .Values.connect.allow "default-port" (int64 .Values.connect.defaultPort)) "shutdown" (dict "drain" (printf "%ds" (int64 .Values.shutdown.drainSeconds))) -}}
{{- if .Values.store.url -}}
{{- $_ := set $asyncops "store" (dict "url" .Values.store.url "username" .Values.store.username) -}}
{{- end -}}
{{- $server := dict "address" "0.0.0.0" "port" (int64 .Values.ports.http) -}}
{{- $management := dict "server" (dict "port" (int64 .Values.ports.management)) -}}
{{- mergeOverwrite (deepCopy .Values.properties) (dict "asyncops" $asyncops "server" $server "management" $management) | toYaml -}}
{{- end -}}

{{/* What the schema cannot say. */}}
{{- define "asyncops.check" -}}
{{- $names := dict -}}
{{- range .Values.roots -}}
{{- if hasKey $names .name -}}{{- fail (printf "roots: the name '%s' is there twice." .name) -}}{{- end -}}
{{- $_ := set $names .name true -}}
{{- if and .hostPath (not $.Values.allowHostPath) -}}
{{- fail (printf "roots: '%s' is a hostPath, which the restricted Pod Security Standard forbids. Set allowHostPath: true if the namespace allows it." .name) -}}
{{- end -}}
{{- end -}}
{{- if eq (int .Values.ports.http) (int .Values.ports.management) -}}{{- fail "ports: http and management must differ." -}}{{- end -}}
{{- if and (eq .Values.auth.mode "none") (not .Values.auth.allowAnonymous) (not (include "asyncops.onlyScratch" .)) -}}
{{- fail "auth.mode is none: whoever reaches the port could change the roots. Choose token or jwt, or set auth.allowAnonymous: true." -}}
{{- end -}}
{{- if and (eq .Values.auth.mode "token") (not .Values.auth.tokens) (not .Values.auth.tokensSecret.name) -}}
{{- fail "auth.mode is token: give auth.tokens or auth.tokensSecret.name." -}}
{{- end -}}
{{- if and .Values.auth.tokens .Values.auth.tokensSecret.name -}}
{{- fail "auth: give tokens or tokensSecret.name, not both." -}}
{{- end -}}
{{- if and (eq .Values.auth.mode "jwt") (not .Values.auth.jwt.issuerUri) (not .Values.auth.jwt.jwkSetUri) -}}
{{- fail "auth.mode is jwt: give auth.jwt.issuerUri or auth.jwt.jwkSetUri." -}}
{{- end -}}
{{- if and .Values.ingress.enabled (not .Values.ingress.hosts) -}}{{- fail "ingress: give a host." -}}{{- end -}}
{{- end -}}
