package example.shop.notification;

/**
 * Sends mails, at whatever pace.
 */
@FunctionalInterface
interface MailSender {

	/**
	 * Send a mail and return when it is gone.
	 * @param address whom to send it to
	 * @param subject what it is about
	 */
	void send(String address, String subject);

}
