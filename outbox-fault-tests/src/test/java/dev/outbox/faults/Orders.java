package dev.outbox.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * What an instance is told to do, in a file that it looks at all the time.
 *
 * @param number the number of the orders; later ones have higher numbers
 * @param fault the fault under which to publish, or {@code -} for not at all
 * @param seed the seed of what is published
 * @param skew by how many milliseconds the instance's clock is wrong
 */
record Orders(int number, String fault, long seed, long skew) {

	private static final String REST = "-";

	static Orders rest(int number) {
		return new Orders(number, REST, 0, 0);
	}

	boolean isRest() {
		return this.fault.equals(REST);
	}

	static Orders read(Path file) {
		try {
			String[] parts = Files.readString(file).split(" ");
			return new Orders(Integer.parseInt(parts[0]), parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void write(Path file) {
		replace(file, "%d %s %d %d".formatted(this.number, this.fault, this.seed, this.skew));
	}

	// Readers see the whole text or none of it.
	static void replace(Path file, String text) {
		try {
			Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
			Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
