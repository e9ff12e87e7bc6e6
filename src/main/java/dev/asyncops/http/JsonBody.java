package dev.asyncops.http;

/** The JSON body of a request: one object with members that are all known. */
sealed interface JsonBody permits StartBody, PatchBody {}
