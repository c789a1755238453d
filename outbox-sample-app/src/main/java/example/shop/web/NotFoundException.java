package example.shop.web;

import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.ErrorResponseException;

/**
 * Answers a request for something that does not exist with a problem of status 404.
 */
public class NotFoundException extends ErrorResponseException {

	private static final long serialVersionUID = 1L;

	public NotFoundException(String what, long id) {
		super(HttpStatus.NOT_FOUND,
				ProblemDetail.forStatusAndDetail(HttpStatus.NOT_FOUND, "There is no %s %d.".formatted(what, id)), null);
	}

}
