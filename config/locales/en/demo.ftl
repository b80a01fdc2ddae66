### In the demonstration only.

demo-strip = This is a demonstration with invented people.
demo-mails-link = Read the mails that were sent
demo-mails-title = Mails that were sent
demo-mails-intro = This page exists in the demonstration only. Here you read what the portal has sent, the newest first.
demo-mails-none = Nothing was sent so far.
demo-mails-back = Back to all mails
