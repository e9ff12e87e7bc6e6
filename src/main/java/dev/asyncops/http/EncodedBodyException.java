package dev.asyncops.http;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/** A body is compressed, or encoded otherwise, which is not undone here. */
final class EncodedBodyException extends ResponseStatusException {

  private static final long serialVersionUID = 1L;

  private EncodedBodyException() {
    super(HttpStatus.UNSUPPORTED_MEDIA_TYPE);
  }

  /** Refuses a body with these headers, if it is encoded. */
  static void throwIfEncoded(HttpHeaders headers) {
    if (headers.getOrEmpty(HttpHeaders.CONTENT_ENCODING).stream()
        .anyMatch(encoding -> !encoding.strip().equalsIgnoreCase("identity"))) {
      throw new EncodedBodyException();
    }
  }

  @Override
  public HttpHeaders getHeaders() {
    HttpHeaders headers = new HttpHeaders();
    headers.set(HttpHeaders.ACCEPT_ENCODING, "identity");
    return headers;
  }
}
