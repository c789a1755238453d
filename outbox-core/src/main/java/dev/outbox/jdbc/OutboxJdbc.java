package dev.outbox.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;

import javax.sql.DataSource;

import dev.outbox.store.OutboxTables;
import org.jspecify.annotations.Nullable;

import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.ArgumentPreparedStatementSetter;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;

/**
 * The database of the outbox and the ways in which the outbox writes to it.
 *
 * @since 0.1
 */
public final class OutboxJdbc {

	static final int LONGEST_REASON = 1000;

	static final int LONGEST_NAME = 255;

	private static final int MOST_ATTEMPTS = 3;

	private final DataSource dataSource;

	private final JdbcTemplate template;

	private final JdbcTemplate keepingTemplate;

	private final SqlDialect dialect;

	private final OutboxTables tables;

	private final String instance;

	private final TransactionTemplate transaction;

	private final SingletonSupplier<Boolean> onlyInTransactions;

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
		this.dataSource = dataSource;
		this.keepingTemplate = new JdbcTemplate(dataSource);
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
		this.onlyInTransactions = SingletonSupplier
			.of(() -> execute((connection) -> committed(connection, false, dialect::weighsStatements)));
	}

	JdbcTemplate template() {
		return this.template;
	}

	// For statements whose plan may be kept.
	JdbcTemplate keepingTemplate() {
		return this.keepingTemplate;
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

	// One statement, which commits by itself.
	int write(String sql, @Nullable Object... arguments) {
		return alone(true, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(sql)) {
				this.dialect.configure(statement);
				new ArgumentPreparedStatementSetter(arguments).setValues(statement);
				return statement.executeUpdate();
			}
		});
	}

	// One query, which sees what is committed now.
	<T> T read(String sql, PreparedStatementSetter setter, ResultSetExtractor<T> extractor) {
		return query(sql, extractor, (statement) -> {
			this.dialect.configure(statement);
			setter.setValues(statement);
			return statement.executeQuery();
		});
	}

	// The same, executed as its caller wants: its plan may be kept.
	<T> T query(String sql, ResultSetExtractor<T> extractor, PreparedStatementCallback<ResultSet> query) {
		return alone(false, (connection) -> {
			try (PreparedStatement statement = connection.prepareStatement(sql);
					ResultSet rows = Objects.requireNonNull(query.doInPreparedStatement(statement))) {
				return extractor.extractData(rows);
			}
		});
	}

	// The application's own transaction, in which the monitor may be asked, is left as it
	// is. Who loses against others, as at higher levels, tries again at READ COMMITTED.
	private <T> T alone(boolean write, ConnectionCallback<T> work) {
		if (TransactionSynchronizationManager.hasResource(this.dataSource)) {
			return execute(work);
		}
		if (this.onlyInTransactions.obtain()) {
			return inTransaction(() -> execute(work));
		}
		try {
			return execute((connection) -> committed(connection, write, work));
		}
		catch (ConcurrencyFailureException ex) {
			return inTransaction(() -> execute(work));
		}
	}

	private <T> T execute(ConnectionCallback<T> work) {
		return Objects.requireNonNull(this.keepingTemplate.execute(work));
	}

	// Where the pool's connections do not commit by themselves, a transaction that was
	// left open would keep its locks, and its old snapshot for whoever reads next.
	private <T> T committed(Connection connection, boolean write, ConnectionCallback<T> work) throws SQLException {
		boolean commits = connection.getAutoCommit();
		if (write || !commits) {
			this.dialect.readCommittedOnce(connection);
		}
		return commits ? work.doInConnection(connection) : committed(connection, work);
	}

	private static <T> T committed(Connection connection, ConnectionCallback<T> work) throws SQLException {
		try {
			T result = work.doInConnection(connection);
			connection.commit();
			return result;
		}
		catch (SQLException | RuntimeException ex) {
			rollback(connection, ex);
			throw ex;
		}
	}

	private static void rollback(Connection connection, Exception reason) {
		try {
			connection.rollback();
		}
		catch (SQLException ex) {
			reason.addSuppressed(ex);
		}
	}

	// One transaction of its own. Who loses against another instance, which databases
	// tell in different ways, tries again: it then sees what the other did.
	<T> T inTransaction(Supplier<T> work) {
		for (int attempt = 1;; attempt++) {
			try {
				return Objects.requireNonNull(this.transaction.execute((status) -> work.get()));
			}
			catch (ConcurrencyFailureException | DuplicateKeyException ex) {
				if (attempt == MOST_ATTEMPTS) {
					throw ex;
				}
			}
		}
	}

	static <T> List<List<T>> parts(List<T> whole, int size) {
		List<List<T>> parts = new ArrayList<>();
		for (int from = 0; from < whole.size(); from += size) {
			parts.add(whole.subList(from, Math.min(from + size, whole.size())));
		}
		return parts;
	}

	static String cut(String text, int length) {
		return (text.length() <= length) ? text : text.substring(0, length);
	}

}
