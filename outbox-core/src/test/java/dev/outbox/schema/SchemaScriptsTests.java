package dev.outbox.schema;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import dev.outbox.OutboxException;
import dev.outbox.store.OutboxTables;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * The scripts that operators read and those that Flyway runs.
 */
class SchemaScriptsTests {

	private static final Path FOR_OPERATORS = Path.of("..", "db");

	private static final String FOR_FLYWAY = "dev/outbox/schema/";

	@Test
	void scriptsForOperatorsAreThoseThatFlywayRunsWithoutAPrefix() throws IOException {
		Map<String, String> forFlyway = scriptsForFlyway();
		forFlyway.replaceAll((name, script) -> script.replace("${prefix}", ""));
		assertThat(scriptsForOperators()).isNotEmpty().isEqualTo(forFlyway);
	}

	@Test
	void everyNameOfATableIndexOrConstraintHasThePrefix() throws IOException {
		Pattern withoutPrefix = Pattern
			.compile("(TABLE|INTO|FROM|UPDATE|JOIN|CONSTRAINT|INDEX|EXISTS|ON|REFERENCES) +outbox");
		Map<String, String> forOperators = scriptsForOperators();
		assertThat(scriptsForFlyway()).isNotEmpty().allSatisfy((name, script) -> {
			assertThat(script).as(name).doesNotContainPattern(withoutPrefix);
			assertThat(forOperators.get(name)).as(name).containsPattern(withoutPrefix);
		});
	}

	@Test
	void aVersionMeansTheSameToEveryVendorThatHasIt() throws IOException {
		Map<String, List<String>> vendors = new TreeMap<>();
		Map<String, Set<String>> versions = new TreeMap<>();
		for (String script : scriptsForOperators().keySet()) {
			String name = script.substring(script.indexOf('/') + 1);
			vendors.computeIfAbsent(script.substring(0, script.indexOf('/')), (key) -> new ArrayList<>()).add(name);
			versions.computeIfAbsent(name.substring(0, name.indexOf("__")), (key) -> new TreeSet<>()).add(name);
		}
		assertThat(vendors).containsOnlyKeys("h2", "mariadb", "mysql", "postgresql");
		assertThat(vendors.values()).allSatisfy((names) -> assertThat(names).contains("V1__outbox.sql"));
		assertThat(versions.values()).allSatisfy((names) -> assertThat(names).hasSize(1));
		assertThat(vendors).as("or Flyway would not run the last ones")
			.allSatisfy((vendor, names) -> assertThat(names.stream().mapToInt(SchemaScriptsTests::version).max())
				.hasValue(Integer.parseInt(new Scripts(vendor, OutboxTables.DEFAULT).lastVersion())));
	}

	private static int version(String script) {
		return Integer.parseInt(script.substring(1, script.indexOf("__")));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";MODE=MySQL", ";MODE=MySQL;DATABASE_TO_LOWER=TRUE", ";MODE=PostgreSQL",
			";MODE=MySQL;DATABASE_TO_LOWER=TRUE;CASE_INSENSITIVE_IDENTIFIERS=TRUE" })
	void scriptsForH2RunByHandInItsModes(String mode) throws IOException {
		JdbcDataSource dataSource = database(mode);
		try (Stream<Path> scripts = Files.list(FOR_OPERATORS.resolve("h2"))) {
			new ResourceDatabasePopulator(scripts.sorted().map(FileSystemResource::new).toArray(Resource[]::new))
				.execute(dataSource);
		}
		assertThatNoException().isThrownBy(new SchemaCheck(dataSource, "h2")::check);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", ";MODE=MySQL", ";MODE=MySQL;DATABASE_TO_LOWER=TRUE" })
	void scriptsForH2RunByFlywayInItsModes(String mode) {
		JdbcDataSource dataSource = database(mode);
		FlywaySchemaMigration migration = new FlywaySchemaMigration(dataSource, "h2");
		migration.migrate();
		assertThatNoException().isThrownBy(new SchemaCheck(dataSource, "h2")::check);
		assertThatNoException().as("a second start").isThrownBy(migration::migrate);
	}

	@Test
	void tablesAreCreatedNextToOthersAndTheirHistoryHasATableOfItsOwn() {
		JdbcDataSource dataSource = database("");
		JdbcTemplate jdbc = new JdbcTemplate(dataSource);
		jdbc.execute("CREATE TABLE purchase (id BIGINT PRIMARY KEY)");
		new FlywaySchemaMigration(dataSource, "h2").migrate();
		assertThat(jdbc.queryForList(
				"SELECT LOWER(table_name) FROM information_schema.tables WHERE table_schema = 'PUBLIC'", String.class))
			.contains("purchase", "outbox", "outbox_schema_history")
			.doesNotContain("flyway_schema_history");
	}

	@ParameterizedTest
	@ValueSource(strings = { "outbox", "outbox_attempt", "outbox_parked", "outbox_lock" })
	void missingTableIsRefusedWithTheCommandThatMendsIt(String table) {
		JdbcDataSource dataSource = database("");
		new FlywaySchemaMigration(dataSource, "h2").migrate();
		new JdbcTemplate(dataSource).execute("DROP TABLE " + table);
		assertThatExceptionOfType(OutboxException.class).isThrownBy(new SchemaCheck(dataSource, "h2")::check)
			.withMessageContainingAll("Table " + table + " is missing or older", "db/h2", "outbox.schema.migrate=true");
	}

	@Test
	void tableWithoutAColumnIsRefused() {
		JdbcDataSource dataSource = database("");
		new FlywaySchemaMigration(dataSource, "h2").migrate();
		new JdbcTemplate(dataSource).execute("ALTER TABLE outbox DROP COLUMN headers");
		assertThatExceptionOfType(OutboxException.class).isThrownBy(new SchemaCheck(dataSource, "h2")::check)
			.withMessageContaining("Table outbox is missing or older");
	}

	@Test
	void lockTableWithoutItsRowIsRefused() {
		JdbcDataSource dataSource = database("");
		new FlywaySchemaMigration(dataSource, "h2").migrate();
		new JdbcTemplate(dataSource).execute("DELETE FROM outbox_lock");
		assertThatExceptionOfType(OutboxException.class).isThrownBy(new SchemaCheck(dataSource, "h2")::check)
			.withMessageContaining("Table outbox_lock has no row 'relay'");
	}

	@Test
	void tableOfTheSameNameThatIsNotOursIsNamedInTheMessage() {
		JdbcDataSource dataSource = database("");
		new JdbcTemplate(dataSource).execute("CREATE TABLE outbox (id BIGINT PRIMARY KEY)");
		assertThatExceptionOfType(OutboxException.class)
			.isThrownBy(new FlywaySchemaMigration(dataSource, "h2")::migrate)
			.withMessageContainingAll("could not be migrated", "OUTBOX", "db/h2", "outbox.schema.migrate=false",
					"the application's own, set outbox.schema.table-prefix");
	}

	private static JdbcDataSource database(String mode) {
		JdbcDataSource dataSource = new JdbcDataSource();
		dataSource.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + mode);
		return dataSource;
	}

	private static Map<String, String> scriptsForOperators() throws IOException {
		try (Stream<Path> files = Files.walk(FOR_OPERATORS)) {
			Map<String, String> scripts = new TreeMap<>();
			for (Path file : files.filter(Files::isRegularFile).toList()) {
				scripts.put(FOR_OPERATORS.relativize(file).toString().replace('\\', '/'), Files.readString(file));
			}
			return scripts;
		}
	}

	private static Map<String, String> scriptsForFlyway() throws IOException {
		Map<String, String> scripts = new TreeMap<>();
		for (Resource script : new PathMatchingResourcePatternResolver()
			.getResources("classpath*:" + FOR_FLYWAY + "*/*")) {
			String url = script.getURL().toString();
			scripts.put(url.substring(url.indexOf(FOR_FLYWAY) + FOR_FLYWAY.length()),
					script.getContentAsString(StandardCharsets.UTF_8));
		}
		return scripts;
	}

}
