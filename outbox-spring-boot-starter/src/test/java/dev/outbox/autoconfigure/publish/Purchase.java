package dev.outbox.autoconfigure.publish;

/**
 * A payload.
 *
 * @param item what was bought
 */
record Purchase(String item) {

}
