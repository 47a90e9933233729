package io.apikeys.keycloak.benchmark;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run has found, for {@link MarkdownReport} and {@link HtmlReport} to show. */
final class Report {

    private final String command;
    private final List<String> machine;
    private final List<Section> sections = new ArrayList<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    Report(String command, List<String> machine) {
        this.command = command;
        this.machine = machine;
    }

    void add(Section section) {
        sections.add(section);
    }

    /** Adds that a part has no result, and why. */
    void addFailure(String part, String reason) {
        failures.put(part, reason);
    }

    /** Returns the command that the run can be repeated with. */
    String command() {
        return command;
    }

    List<String> machine() {
        return machine;
    }

    List<Section> sections() {
        return sections;
    }

    List<Goal> goals() {
        return sections.stream().flatMap(section -> section.goals().stream()).toList();
    }

    /** Returns the reason by the name of the part. */
    Map<String, String> failures() {
        return failures;
    }
}
