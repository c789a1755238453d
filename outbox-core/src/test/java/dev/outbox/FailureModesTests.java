package dev.outbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code docs/failure-modes.md} has all of its rows, and the tests that it names are
 * there.
 */
class FailureModesTests {

	private static final int MODES = 98;

	private static final Pattern ROW = Pattern.compile("^\\| (\\d+) \\| [^|]+\\S \\| [^|]+\\S \\|$", Pattern.MULTILINE);

	private static final Pattern TEST = Pattern.compile("`([A-Z]\\w+(?:Tests|Contract)(?:#\\w+)?)`");

	@Test
	void everyModeHasItsRow() throws IOException {
		assertThat(ROW.matcher(document()).results().map((row) -> Integer.valueOf(row.group(1))))
			.containsExactlyElementsOf(IntStream.rangeClosed(1, MODES).boxed().toList());
	}

	@ParameterizedTest
	@MethodSource("tests")
	void testIsThere(String test) throws IOException {
		String type = test.replaceFirst("#.*", "");
		String method = test.contains("#") ? "void " + test.replaceFirst(".*#", "") + "(" : "";
		Resource[] sources = new PathMatchingResourcePatternResolver()
			.getResources("file:../*/src/test/java/**/" + type + ".java");
		assertThat(sources).singleElement()
			.satisfies((source) -> assertThat(source.getContentAsString(StandardCharsets.UTF_8)).contains(method));
	}

	static Stream<String> tests() throws IOException {
		return TEST.matcher(document()).results().map((result) -> result.group(1)).distinct();
	}

	private static String document() throws IOException {
		return Files.readString(Path.of("..", "docs", "failure-modes.md"));
	}

}
