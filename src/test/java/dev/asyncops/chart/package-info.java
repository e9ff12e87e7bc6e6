/** The Helm chart, rendered by Helm itself and judged as Kubernetes would judge it. */
@NullMarked
package dev.asyncops.chart;

import org.jspecify.annotations.NullMarked;
