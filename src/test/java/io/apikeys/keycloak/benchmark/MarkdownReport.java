package io.apikeys.keycloak.benchmark;

/** A report as Markdown. */
final class MarkdownReport {

    private final StringBuilder text = new StringBuilder();

    private MarkdownReport() {}

    static String of(Report report) {
        MarkdownReport markdown = new MarkdownReport();
        markdown.add(report);
        return markdown.text.toString();
    }

    private void add(Report report) {
        line("# Benchmark\n");
        line("`" + report.command() + "`\n");
        report.machine().forEach(each -> line("- " + each));
        report.failures()
                .forEach((part, reason) -> line("\n**Part " + part + " failed:**\n\n```\n" + reason + "\n```"));
        if (!report.goals().isEmpty()) {
            line("\n## Goals\n");
            line("| | against | measured | goal | |\n|---|---|---|---|---|");
            report.goals().forEach(this::add);
        }
        report.sections().forEach(this::add);
    }

    private void add(Goal goal) {
        line("| %s | %s | %s | %s | %s |"
                .formatted(goal.subject(), goal.floor(), goal.measuredText(), goal.limitText(), goal.verdict()));
    }

    private void add(Section section) {
        line("\n## " + section.title() + "\n");
        line(section.method());
        for (Chart chart : section.charts()) {
            line("\n| " + chart.title() + " | " + chart.unit() + " (median) | least – most |\n|---|---|---|");
            chart.bars().forEach(bar -> line("| %s | %s | %s |".formatted(bar.label(), bar.valueText(), bar.range())));
        }
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
