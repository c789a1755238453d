package dev.outbox.faults;

/**
 * The payload of an event of the ledger.
 *
 * @param account the account, which is the key
 * @param sequence the account's sequence number, without gaps among committed changes
 * @param filler gives the event its size
 */
record Change(int account, long sequence, String filler) {

}
