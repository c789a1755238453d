package dev.outbox.debezium;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The settings and statements that users are told, so that it is those that are tested.
 */
final class Documentation {

	private static final Path PAGE = Path.of("..", "docs", "debezium.md");

	private Documentation() {
	}

	/**
	 * The first block of a section in a language.
	 * @param section the section's heading
	 * @param language the block's language
	 * @return the text of the block
	 */
	static String block(String section, String language) {
		try {
			Matcher block = Pattern
				.compile("^#+ " + section + "$(?:(?!^#).)*?^```" + language + "$\n(.*?)^```$",
						Pattern.MULTILINE | Pattern.DOTALL)
				.matcher(Files.readString(PAGE));
			if (!block.find()) {
				throw new IllegalStateException("There is no %s in section '%s'".formatted(language, section));
			}
			return block.group(1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
