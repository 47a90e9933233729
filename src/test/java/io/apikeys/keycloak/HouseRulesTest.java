package io.apikeys.keycloak;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Who may know whom; see docs/decisions. */
class HouseRulesTest {

    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.apikeys.keycloak");

    @Test
    void aKeyKnowsNobody() {
        classes()
                .that()
                .resideInAPackage("..key..")
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.apikeys.keycloak.key", "java.."))
                .check(HOUSE);
    }

    @Test
    void doorsKnowTheVerifierAndTheVerifierTheCredential() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("key")
                .definedBy("..key..")
                .layer("usage")
                .definedBy("..usage..")
                .layer("credential")
                .definedBy("..credential..")
                .layer("verify")
                .definedBy("..verify..")
                .layer("session")
                .definedBy("..session..")
                .layer("doors")
                .definedBy("..login..", "..token..", "..rest..")
                .layer("upkeep")
                .definedBy("..upkeep..")
                .whereLayer("doors")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("upkeep")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("session")
                .mayOnlyBeAccessedByLayers("doors", "upkeep")
                .whereLayer("verify")
                .mayOnlyBeAccessedByLayers("session", "doors", "upkeep")
                .whereLayer("credential")
                .mayOnlyBeAccessedByLayers("verify", "session", "doors", "upkeep")
                .whereLayer("usage")
                .mayOnlyBeAccessedByLayers("credential", "verify", "doors", "upkeep")
                .check(HOUSE);
    }

    @Test
    void doorsDoNotKnowEachOther() {
        slices().matching("io.apikeys.keycloak.(login|token|rest)..")
                .should()
                .notDependOnEachOther()
                .check(HOUSE);
    }

    @Test
    void theJarLivesOnWhatKeycloakShips() {
        noClasses()
                .should()
                .dependOnClassesThat(resideOutsideOfPackages(
                        "io.apikeys.keycloak..",
                        "java..",
                        "jakarta.persistence..",
                        "jakarta.ws.rs..",
                        "com.fasterxml.jackson..",
                        "io.micrometer..",
                        "org.jboss.logging..",
                        "org.keycloak.."))
                .check(HOUSE);
    }
}
