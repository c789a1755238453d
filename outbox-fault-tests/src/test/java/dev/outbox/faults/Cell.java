package dev.outbox.faults;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;

import dev.outbox.testsupport.Database;

/**
 * One run of the matrix.
 *
 * @param fault the fault
 * @param database the database
 * @param instances the number of instances
 * @param seed the seed of what is published and of how the fault strikes
 */
record Cell(Fault fault, Database database, int instances, long seed) {

	private static final List<String> FEW = List.of("KILL_INSTANCE/POSTGRESQL/3", "PAUSE_INSTANCE/POSTGRESQL/3",
			"KILL_BROKER/POSTGRESQL/3", "KILL_DATABASE/POSTGRESQL/3");

	private static final List<Database> DATABASES = List.of(Database.POSTGRESQL, Database.MYSQL, Database.MARIADB);

	private static final String ANY = "*";

	private static final int SEEDS = 1_000_000;

	/**
	 * The cells to run.
	 * @param which {@code few}, {@code all}, or names as those of {@link #toString()}
	 * with commas between them, where {@code *} stands for any and the seed may be absent
	 * @param seed the seed of all seeds that are not given
	 * @return the cells, those of one database and number of instances together
	 */
	static List<Cell> of(String which, long seed) {
		List<String> names = switch (which) {
			case "few" -> FEW;
			case "all" -> List.of("*/*/*");
			default -> List.of(which.split(","));
		};
		return DATABASES.stream()
			.flatMap((database) -> Stream.of(1, 3)
				.flatMap((instances) -> Arrays.stream(Fault.values())
					.flatMap((fault) -> names.stream()
						.map((name) -> name.toUpperCase(Locale.ROOT).split("/"))
						.filter((parts) -> matches(parts[0], fault.name()) && matches(parts[1], database.name())
								&& matches(parts[2], String.valueOf(instances)))
						.map((parts) -> new Cell(fault, database, instances,
								(parts.length > 3) ? Long.parseLong(parts[3])
										: seed(seed, fault, database, instances))))))
			.toList();
	}

	private static boolean matches(String pattern, String name) {
		return pattern.equals(ANY) || pattern.equals(name);
	}

	private static long seed(long seed, Fault fault, Database database, int instances) {
		return new Random(Objects.hash(seed, fault.name(), database.name(), instances)).nextInt(SEEDS);
	}

	boolean isBeside(Cell other) {
		return this.database == other.database && this.instances == other.instances;
	}

	@Override
	public String toString() {
		return "%s/%s/%d/%d".formatted(this.fault, this.database, this.instances, this.seed);
	}

}
