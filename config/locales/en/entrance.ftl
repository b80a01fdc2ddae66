### What needs no account: start page, sign-in, registration.

start-title = Welcome to Stammtisch
start-intro = This is where staff of municipalities who work with our software talk to each other.

sign-in-title = Sign in
sign-in-button = Sign in
sign-in-forgotten = Forgotten your password
sign-in-register = Register
sign-in-delete = Delete an account without signing in
sign-in-carried = Your session had ended when you sent the form. What you typed is not lost: sign in and go on with it.

done-signed-out = You are signed out.
