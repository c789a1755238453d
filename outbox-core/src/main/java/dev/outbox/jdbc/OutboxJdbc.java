package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;

import javax.sql.DataSource;

import dev.outbox.store.OutboxTables;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The database of the outbox and the ways in which the outbox writes to it.
 *
 * @since 0.1
 */
public final class OutboxJdbc {

	static final int LONGEST_REASON = 1000;

	static final int LONGEST_NAME = 255;

	private final JdbcTemplate template;

	private final JdbcTemplate insertTemplate;

	private final SqlDialect dialect;

	private final OutboxTables tables;

	private final String instance;

	private final TransactionTemplate transaction;

	/**
	 * Create access to tables with the default names.
	 * @param dataSource the data source of the outbox
	 * @param dialect its dialect
	 * @param instance names this instance of the application among the others
	 */
	public OutboxJdbc(DataSource dataSource, SqlDialect dialect, String instance) {
		this(dataSource, dialect, OutboxTables.DEFAULT, instance);
	}

	/**
	 * Create access to the database.
	 * @param dataSource the data source of the outbox
	 * @param dialect its dialect
	 * @param tables the tables
	 * @param instance names this instance of the application among the others
	 */
	public OutboxJdbc(DataSource dataSource, SqlDialect dialect, OutboxTables tables, String instance) {
		this.insertTemplate = new JdbcTemplate(dataSource);
		this.template = new JdbcTemplate(dataSource) {

			@Override
			protected void applyStatementSettings(Statement statement) throws SQLException {
				super.applyStatementSettings(statement);
				dialect.configure(statement);
			}

		};
		this.dialect = dialect;
		this.tables = tables;
		this.instance = cut(instance, LONGEST_NAME);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(dataSource));
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
	}

	JdbcTemplate template() {
		return this.template;
	}

	// For inserts, whose plan may be kept.
	JdbcTemplate insertTemplate() {
		return this.insertTemplate;
	}

	SqlDialect dialect() {
		return this.dialect;
	}

	// To be called once for each statement, not for each execution.
	String sql(String statement) {
		return this.tables.sql(statement);
	}

	String instance() {
		return this.instance;
	}

	// One statement that commits by itself, also where the pool's connections do not.
	int write(String sql, Object... arguments) {
		Integer rows = this.template.execute((Connection connection) -> {
			this.dialect.beforeWrite(connection);
			try (PreparedStatement statement = connection.prepareStatement(sql)) {
				this.dialect.configure(statement);
				for (int i = 0; i < arguments.length; i++) {
					statement.setObject(i + 1, arguments[i]);
				}
				int count = statement.executeUpdate();
				if (!connection.getAutoCommit()) {
					connection.commit();
				}
				return count;
			}
		});
		return (rows != null) ? rows : 0;
	}

	void inTransaction(Runnable work) {
		this.transaction.executeWithoutResult((status) -> work.run());
	}

	static String cut(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length);
	}

}
