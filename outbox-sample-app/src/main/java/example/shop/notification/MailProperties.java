package example.shop.notification;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How mails are sent.
 *
 * @param delay how long sending one takes
 */
@ConfigurationProperties("shop.mail")
record MailProperties(@DefaultValue("3s") Duration delay) {

}
