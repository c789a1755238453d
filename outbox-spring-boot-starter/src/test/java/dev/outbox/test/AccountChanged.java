package dev.outbox.test;

/**
 * The payload of an event of the ledger.
 *
 * @param account the account, which is the key
 * @param sequence the account's sequence number; without gaps among committed changes
 * @param filler makes the event about 300 bytes long
 */
public record AccountChanged(int account, long sequence, String filler) {

}
