# One of the example programs. From the project's top folder, after it was packaged:
#   docker build -f docker/program.Dockerfile --build-arg JAR=examples/dashboard/target/dashboard.jar .
FROM eclipse-temurin:21-jre

ARG JAR
COPY ${JAR} /program.jar
USER 1000
ENTRYPOINT ["java", "-Xmx256m", "-jar", "/program.jar"]
