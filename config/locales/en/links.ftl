### Pages that the links in mails lead to.

page-failed-title = This did not work

page-confirm-title = Confirm your registration
page-confirm-intro = Please choose a password. With it you confirm your e-mail address and your registration on the portal { -portal }.
page-confirm-button = Confirm registration
page-confirm-done-title = Registration confirmed
page-confirm-done = Your account is ready. You can now sign in with your e-mail address and your password.
page-confirm-pending = An administrator will now decide on your registration. We will tell you the result by e-mail.

page-withdraw-title = Withdraw your registration
page-withdraw-intro = If you withdraw your registration, your details are erased. This cannot be undone.
page-withdraw-button = Withdraw registration
page-withdraw-done-title = Registration withdrawn
page-withdraw-done = Your details are being erased. There is nothing else you need to do.

page-reset-title = Choose a new password
page-reset-intro = Please choose a new password. You will be signed out everywhere.
page-reset-button = Set password
page-reset-done-title = Password set
page-reset-done = You can now sign in with the new password.

page-email-change-title = Confirm your new e-mail address
page-email-change-intro = Once confirmed, this e-mail address belongs to your account on the portal { -portal } and replaces the present one.
page-email-change-button = Confirm e-mail address
page-email-change-done-title = E-mail address changed
page-email-change-done = Please sign in with the new e-mail address from now on.

page-undo-title = Undo the deletion
page-undo-intro = If you undo the deletion, your account is kept, and you can sign in again if you could before.
page-undo-button = Keep my account
page-undo-done-title = Deletion undone
page-undo-done = Your account is kept, and nothing was erased. If it wasn't you who asked for the deletion, please change your password.

page-unsubscribe-title = No more e-mails about new messages
page-unsubscribe-intro = You will then get no more e-mails about new messages from the portal { -portal }. You can still read the messages themselves in the portal. If one e-mail a day is enough for you, sign in and choose that instead.
page-unsubscribe-button = No more of these e-mails
page-unsubscribe-done-title = No more e-mails about new messages
page-unsubscribe-done = We will no longer write to you when there are new messages. You can change this at any time, and choose one e-mail a day, for example.

link-sign-in = Sign in now
link-confirmed-already = Confirmed already: sign in
link-register-again = Register again
link-reset-again = Ask for another link
link-notifications = Choose yourself when e-mails come
