### What members do with each other and with the operator.

## Enquiries

enquiries-title = Enquiries to the operator
enquiries-intro = Ask the operator of the portal a question here. As soon as it is answered you get a mail; the answer is on this page.
enquiries-new = New enquiry
enquiries-own = Your enquiries
enquiries-none = You have not asked anything yet.
enquiries-answer = Answer
enquiries-open = Not answered yet
enquiry-body = Your question
enquiry-send = Send enquiry
done-asked = Your enquiry has arrived.
