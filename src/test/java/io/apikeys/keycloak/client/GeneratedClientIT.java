package io.apikeys.keycloak.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.apikeys.keycloak.support.KeycloakServer;
import io.apikeys.keycloak.support.RealmsAdministrator;
import io.apikeys.keycloak.support.Shell;
import io.apikeys.keycloak.support.TestRealm;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs whose client OpenAPI Generator makes of {@code docs/openapi.yaml} make, list, rotate and revoke keys. */
class GeneratedClientIT {

    private static final Path PROGRAMS = Path.of("src/test/resources/client");

    private final TestRealm realm = TestRealm.create();

    @TempDir
    private Path client;

    @BeforeEach
    void haveAUser() {
        realm.user("alice");
    }

    @Test
    void java() throws Exception {
        generate(
                "java",
                "library=native,useJakartaEe=true,hideGenerationTimestamp=true",
                "apiTests=false,modelTests=false");
        Path classes = compile(client.resolve("src/main/java"), PROGRAMS.resolve("UseKeys.java"));

        try (URLClassLoader loader = new URLClassLoader(
                new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
            loader.loadClass("UseKeys").getMethod("main", String[].class).invoke(null, (Object) arguments());
        }

        assertThat(realm.keys().count(Map.of()).body().intValue()).isZero();
    }

    @Test
    void python() throws Exception {
        boolean there = run(List.of("python3", "-c", "import dateutil, pydantic, typing_extensions, urllib3"))
                        .exitCode()
                == 0;
        if (!there) {
            System.err.println(
                    "GeneratedClientIT.python is skipped: python3 lacks dateutil, pydantic 2, typing_extensions or urllib3.");
        }
        assumeTrue(there, "needs python3 with the libraries of the generated client");
        generate(
                "python",
                "packageName=keycloak_api_keys",
                "apiTests=false,modelTests=false,apiDocs=false,modelDocs=false");

        List<String> command = new ArrayList<>(List.of(
                "env",
                "PYTHONPATH=" + client,
                "python3",
                PROGRAMS.resolve("use_keys.py").toString()));
        command.addAll(List.of(arguments()));
        Shell.Result used = run(command);

        assertThat(used.exitCode()).as(used.output()).isZero();
        assertThat(realm.keys().count(Map.of()).body().intValue()).isZero();
    }

    private String[] arguments() {
        return new String[] {
            KeycloakServer.running().url(),
            realm.name(),
            RealmsAdministrator.token(),
            realm.app().passwordGrant("alice", TestRealm.PASSWORD).access(),
            "alice"
        };
    }

    private void generate(String language, String options, String leftOut) throws IOException, InterruptedException {
        Shell.Result generated = run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-jar",
                KeycloakServer.required("openapi.generator"),
                "generate",
                "-g",
                language,
                "-i",
                "docs/openapi.yaml",
                "-o",
                client.toString(),
                "--additional-properties=" + options,
                "--global-property=" + leftOut));
        assertThat(generated.exitCode()).as(generated.output()).isZero();
    }

    private Path compile(Path sources, Path program) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        Path classes = Files.createDirectory(client.resolve("classes"));
        StringWriter errors = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Stream<Path> generated = Files.walk(sources)) {
            List<Path> all = Stream.concat(
                            generated.filter(file -> file.toString().endsWith(".java")), Stream.of(program))
                    .toList();
            List<String> options = List.of(
                    "-proc:none",
                    "-nowarn",
                    "-d",
                    classes.toString(),
                    "-classpath",
                    System.getProperty("java.class.path"));
            boolean compiled = compiler.getTask(
                            errors, files, null, options, null, files.getJavaFileObjectsFromPaths(all))
                    .call();
            assertThat(compiled).as(errors.toString()).isTrue();
        }
        return classes;
    }

    private static Shell.Result run(List<String> command) throws IOException, InterruptedException {
        return Shell.run(new ProcessBuilder(command));
    }
}
