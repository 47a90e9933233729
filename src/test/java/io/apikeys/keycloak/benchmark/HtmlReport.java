package io.apikeys.keycloak.benchmark;

import java.util.List;
import java.util.Locale;

/** A report as one HTML page that loads nothing, with a plot of every chart. */
final class HtmlReport {

    private static final int ROW = 30;
    private static final int BAR = 16;
    private static final int LABELS = 340;
    private static final int BARS = 300;
    private static final int WIDTH = 760;

    /** How wide the plot of a goal is, and where in it the goal stands. */
    private static final int GOAL_WIDTH = 160;

    private static final int GOAL_AT = 100;

    private static final String STYLE = """
            :root { color-scheme: light dark; --page: #fff; --text: #1c1e21; --quiet: #5c6370; --line: #d8dbe0;
              --bar: #3b6fb5; --good: #2e7d4f; --bad: #b3541e; }
            @media (prefers-color-scheme: dark) {
              :root { --page: #16181c; --text: #e4e6ea; --quiet: #9aa1ad; --line: #363a42; --bar: #6f9fe0; --good: #5dbb86;
                --bad: #e08b54; } }
            body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--page); max-width: 60rem;
              margin: 2rem auto; padding: 0 1rem; }
            h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; } h3 { font-size: 1rem; }
            p, ul { color: var(--quiet); }
            code, pre { font: 13px/1.5 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
            .scroll { overflow-x: auto; }
            table { border-collapse: collapse; width: 100%; }
            th, td { text-align: left; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); }
            th { font-weight: 600; color: var(--quiet); }
            td.number { white-space: nowrap; font-variant-numeric: tabular-nums; }
            .good { color: var(--good); } .bad { color: var(--bad); }
            svg { display: block; } svg text { fill: var(--text); font: 14px system-ui, sans-serif; }
            svg .bar { fill: var(--bar); } svg .good { fill: var(--good); } svg .bad { fill: var(--bad); }
            svg .range, svg .goal { stroke: var(--text); stroke-width: 1.5; }
            """;

    private final StringBuilder html = new StringBuilder();

    private HtmlReport() {}

    static String of(Report report) {
        HtmlReport page = new HtmlReport();
        page.add(report);
        return page.html.toString();
    }

    private void add(Report report) {
        line("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">");
        line("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
        line("<title>Benchmark</title>\n<style>\n" + STYLE + "</style>\n</head>\n<body>\n<h1>Benchmark</h1>");
        line("<p><code>" + escape(report.command()) + "</code></p>\n<ul>");
        report.machine().forEach(each -> line("<li>" + escape(each) + "</li>"));
        line("</ul>");
        report.failures()
                .forEach((part, reason) -> line(
                        "<h2 class=\"bad\">Part " + escape(part) + " failed</h2>\n<pre>" + escape(reason) + "</pre>"));
        if (!report.goals().isEmpty()) {
            addGoals(report.goals());
        }
        report.sections().forEach(this::add);
        line("</body>\n</html>");
    }

    private void addGoals(List<Goal> goals) {
        line("<h2>Goals</h2>\n<p>The line in each plot is the goal.</p>\n<div class=\"scroll\"><table>");
        line("<tr><th>Subject</th><th>Against</th><th>Measured</th><th></th><th>Goal</th><th>Result</th></tr>");
        for (Goal goal : goals) {
            line("<tr><td>%s</td><td>%s</td><td class=\"number\">%s</td><td>%s</td><td class=\"number\">%s</td>"
                            .formatted(
                                    escape(goal.subject()),
                                    escape(goal.floor()),
                                    goal.measuredText(),
                                    plot(goal),
                                    goal.limitText())
                    + "<td class=\"number " + color(goal) + "\">" + goal.verdict() + "</td></tr>");
        }
        line("</table></div>");
    }

    private static String plot(Goal goal) {
        double width = Math.max(1, Math.min(GOAL_WIDTH, GOAL_AT * goal.measured() / goal.limit()));
        return String.format(
                Locale.ROOT,
                "<svg width=\"%d\" height=\"%d\" aria-hidden=\"true\">"
                        + "<rect class=\"%s\" y=\"3\" width=\"%.0f\" height=\"10\" rx=\"2\"/>"
                        + "<line class=\"goal\" x1=\"%5$d\" x2=\"%5$d\" y1=\"0\" y2=\"16\"/></svg>",
                GOAL_WIDTH,
                BAR,
                color(goal),
                width,
                GOAL_AT);
    }

    private static String color(Goal goal) {
        return goal.isReached() ? "good" : "bad";
    }

    private void add(Section section) {
        line("<h2>" + escape(section.title()) + "</h2>\n<p>" + escape(section.method()) + "</p>");
        section.charts().forEach(this::add);
    }

    private void add(Chart chart) {
        line("<h3>" + escape(chart.title()) + ", " + escape(chart.unit()) + "</h3>");
        int height = ROW * chart.bars().size();
        line("<div class=\"scroll\"><svg width=\"%d\" height=\"%d\" role=\"img\" aria-label=\"%s\">"
                .formatted(WIDTH, height, escape(chart.title())));
        double most = chart.bars().stream().mapToDouble(Chart.Bar::most).max().orElse(1);
        for (int i = 0; i < chart.bars().size(); i++) {
            add(chart.bars().get(i), ROW * i, BARS / most);
        }
        line("</svg></div>");
    }

    /** @param scale what one of the unit is in pixels */
    private void add(Chart.Bar bar, int top, double scale) {
        int middle = top + ROW / 2;
        line("<text x=\"0\" y=\"%d\">%s</text>".formatted(middle + 5, escape(bar.label())));
        line(String.format(
                Locale.ROOT,
                "<rect class=\"bar\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" rx=\"2\"><title>%s</title></rect>",
                LABELS,
                middle - BAR / 2,
                Math.max(1, bar.value() * scale),
                BAR,
                bar.range()));
        line(String.format(
                Locale.ROOT,
                "<line class=\"range\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>",
                LABELS + bar.least() * scale,
                LABELS + bar.most() * scale,
                middle,
                middle));
        line(String.format(
                Locale.ROOT,
                "<text x=\"%.1f\" y=\"%d\">%s</text>",
                LABELS + bar.most() * scale + 8,
                middle + 5,
                bar.valueText()));
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private void line(String line) {
        html.append(line).append('\n');
    }
}
