package example.shop;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The servers that users of the profile "docker" get.
 */
final class ComposeFile {

	private static final Path FILE = Path.of("..", "docker-compose.yml");

	private ComposeFile() {
	}

	/**
	 * The image of a service.
	 * @param service the service's name
	 * @return the image's name and tag
	 */
	static String image(String service) {
		try {
			Matcher image = Pattern.compile("^  %s:\n    image: (\\S+)$".formatted(service), Pattern.MULTILINE)
				.matcher(Files.readString(FILE));
			if (!image.find()) {
				throw new IllegalStateException("%s has no image for service %s".formatted(FILE, service));
			}
			return image.group(1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
