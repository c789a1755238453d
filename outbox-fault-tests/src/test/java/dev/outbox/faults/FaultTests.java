package dev.outbox.faults;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Nothing that was committed is lost, nothing else is sent, and the order of each key is
 * kept, whatever goes wrong. Which faults: {@code -Dfaults.cells}, see
 * {@code docs/faults.md}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FaultTests {

	private static final Path FOLDER = Path.of("target", "faults");

	private final List<Cell> cells = Cell.of(System.getProperty("faults.cells", "few"),
			Long.getLong("faults.seed", new Random().nextInt(1_000_000)));

	private final List<Report> reports = new ArrayList<>();

	private @Nullable Servers servers;

	private @Nullable Arena arena;

	private @Nullable Cell previous;

	List<Cell> cells() {
		return this.cells;
	}

	@BeforeAll
	void start() {
		assertThat(this.cells).isNotEmpty();
		this.servers = new Servers();
	}

	@ParameterizedTest
	@MethodSource("cells")
	void nothingIsLostOrMadeUpOrReordered(Cell cell) throws Exception {
		System.out.println("Cell " + cell);
		Arena arena = arenaFor(cell);
		boolean good = false;
		try {
			Report report = new Run(arena, cell).report();
			this.reports.add(report);
			System.out.println(report.row());
			assertThat(report).matches(Report::isGood);
			good = true;
		}
		finally {
			if (!good) {
				arena.writeLogs(FOLDER.resolve(cell.toString().replace('/', '-')));
				leave();
			}
		}
	}

	// Cells of one database and number of instances share an arena until one fails.
	private Arena arenaFor(Cell cell) throws Exception {
		Arena arena = this.arena;
		if (arena == null || this.previous == null || !cell.isBeside(this.previous)) {
			leave();
			this.previous = cell;
			List<Fault> faults = this.cells.stream().filter(cell::isBeside).map(Cell::fault).distinct().toList();
			if (this.servers == null) {
				throw new IllegalStateException("There are no servers");
			}
			arena = new Arena(this.servers, cell.database(), cell.instances(), faults);
			this.arena = arena;
		}
		return arena;
	}

	private void leave() {
		if (this.arena != null) {
			this.arena.close();
			this.arena = null;
		}
	}

	@AfterAll
	void stop() throws Exception {
		leave();
		if (this.servers != null) {
			this.servers.close();
		}
		StringBuilder table = new StringBuilder(Report.HEAD);
		this.reports.forEach((report) -> table.append(report.row()).append('\n'));
		System.out.println(table);
		Files.createDirectories(FOLDER);
		Files.writeString(FOLDER.resolve("table.md"), table);
	}

}
