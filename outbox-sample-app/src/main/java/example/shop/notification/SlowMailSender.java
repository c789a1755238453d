package example.shop.notification;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.stereotype.Component;

/**
 * Pretends to send mails through a server that takes its time.
 */
@Component
class SlowMailSender implements MailSender {

	private static final Logger log = LoggerFactory.getLogger(SlowMailSender.class);

	private final MailProperties properties;

	SlowMailSender(MailProperties properties) {
		this.properties = properties;
	}

	@Override
	public void send(String address, String subject) {
		try {
			Thread.sleep(this.properties.delay().toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted while sending to " + address, ex);
		}
		log.info("Mail to {}: {}", address, subject);
	}

}
