package io.apikeys.keycloak.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.commonmark.ext.heading.anchor.IdGenerator;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;

/**
 * A page of the documentation.
 *
 * @param path from the top folder of the project
 */
record MarkdownPage(Path path) {

    static final MarkdownPage README = new MarkdownPage(Path.of("README.md"));

    static MarkdownPage of(String name) {
        return new MarkdownPage(Path.of("docs", name + ".md"));
    }

    /** Returns every page that people read: in the top folder, and below {@code docs}. */
    static List<MarkdownPage> all() {
        return Stream.concat(pages(Path.of(""), 1), pages(Path.of("docs"), Integer.MAX_VALUE))
                .map(MarkdownPage::new)
                .toList();
    }

    /** Returns the pages below a folder. */
    static List<Path> below(Path folder) {
        return pages(folder, Integer.MAX_VALUE).toList();
    }

    private static Stream<Path> pages(Path folder, int depth) {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(file -> file.toString().endsWith(".md")).sorted().toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text() {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns its links to files of the project: the file, from the top folder, and the anchor behind {@code #}, which may be absent. */
    List<Target> relativeLinks() {
        return nodes(Link.class).stream()
                .map(Link::getDestination)
                .filter(MarkdownPage::isRelative)
                .map(this::target)
                .toList();
    }

    List<Picture> pictures() {
        return nodes(Image.class).stream()
                .map(image -> new Picture(target(image.getDestination()).file(), textOf(image)))
                .toList();
    }

    /** Returns what stands behind {@code #} in a link to one of its headings, as GitHub makes it. */
    Set<String> anchors() {
        IdGenerator ids = IdGenerator.builder().build();
        return nodes(Heading.class).stream()
                .map(MarkdownPage::textOf)
                .map(ids::generateId)
                .collect(Collectors.toSet());
    }

    /**
     * Returns its blocks of code.
     *
     * @param language what stands behind the fence
     */
    List<String> blocks(String language) {
        return nodes(FencedCodeBlock.class).stream()
                .filter(block -> block.getInfo().equals(language))
                .map(FencedCodeBlock::getLiteral)
                .toList();
    }

    /**
     * What a link leads to.
     *
     * @param anchor empty for none
     */
    record Target(Path file, String anchor) {}

    /**
     * A picture on a page.
     *
     * @param alternative what those read who do not see it
     */
    record Picture(Path file, String alternative) {}

    private static boolean isRelative(String destination) {
        return !destination.matches("[a-z]+:.*");
    }

    private Target target(String destination) {
        int hash = destination.indexOf('#');
        String file = hash < 0 ? destination : destination.substring(0, hash);
        Path resolved = file.isEmpty() ? path : path.resolveSibling(file).normalize();
        return new Target(resolved, hash < 0 ? "" : destination.substring(hash + 1));
    }

    private static String textOf(Node node) {
        return String.join("", collect(node, MarkdownPage::literal));
    }

    private static String literal(Node node) {
        if (node instanceof Text text) {
            return text.getLiteral();
        }
        if (node instanceof Code code) {
            return code.getLiteral();
        }
        return node instanceof SoftLineBreak ? " " : null;
    }

    private <T extends Node> List<T> nodes(Class<T> kind) {
        return collect(Parser.builder().build().parse(text()), node -> kind.isInstance(node) ? kind.cast(node) : null);
    }

    /** Returns what is made of a node and of all nodes in it, in the order of the page, without nulls. */
    private static <T> List<T> collect(Node node, Function<Node, T> made) {
        List<T> all = new ArrayList<>();
        node.accept(new AbstractVisitor() {
            @Override
            protected void visitChildren(Node parent) {
                T found = made.apply(parent);
                if (found != null) {
                    all.add(found);
                }
                super.visitChildren(parent);
            }
        });
        return all;
    }
}
