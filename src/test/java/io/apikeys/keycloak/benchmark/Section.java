package io.apikeys.keycloak.benchmark;

import java.util.List;

/**
 * What a part of the benchmark reports.
 *
 * @param method how it was measured
 */
record Section(String title, String method, List<Chart> charts, List<Goal> goals) {}
