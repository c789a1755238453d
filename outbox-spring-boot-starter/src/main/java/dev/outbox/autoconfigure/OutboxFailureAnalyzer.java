package dev.outbox.autoconfigure;

import dev.outbox.OutboxException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Shows the outbox's own message, which says what to do, when the application does not
 * start.
 */
class OutboxFailureAnalyzer extends AbstractFailureAnalyzer<OutboxException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, OutboxException cause) {
		return new FailureAnalysis("The outbox cannot start: " + cause.getMessage(), null, cause);
	}

}
