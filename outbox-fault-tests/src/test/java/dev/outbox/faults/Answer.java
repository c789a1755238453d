package dev.outbox.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What an instance says of itself, in a file.
 *
 * @param number the number of the orders that it has carried out
 * @param longest how many milliseconds its longest transaction of this load has taken
 */
record Answer(int number, long longest) {

	void write(Path file) {
		Orders.replace(file, "%d %d".formatted(this.number, this.longest));
	}

	static Answer read(Path file) {
		try {
			if (!Files.exists(file)) {
				return new Answer(0, 0);
			}
			String[] parts = Files.readString(file).split(" ");
			return new Answer(Integer.parseInt(parts[0]), Long.parseLong(parts[1]));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
