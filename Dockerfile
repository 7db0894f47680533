# The course in a container, for an ordinary user, as whom grading should run.
#
#   docker build -t course .
#   docker run -it --name course --security-opt seccomp=unconfined --security-opt apparmor=unconfined \
#       --security-opt systempaths=unconfined course make course
#   docker cp course:/course/_build/html book
#
# In place of `make course` it runs `make test` as well. The three options allow user namespaces, and to mount /proc in
# them, of which bubblewrap makes the sandbox: without them nothing is graded. They loosen the container around the
# course, not the sandbox around a student's code.

FROM python:3.11-bookworm AS tools
COPY install.sh /tmp/
# git and make; and what install.sh knows: bubblewrap, Chromium with its driver, PostgreSQL.
RUN apt-get update -qq && apt-get install -y -qq git make && sh /tmp/install.sh testing
RUN useradd --create-home course && install -d -o course -g course /course
USER course

FROM tools
WORKDIR /course
COPY --chown=course:course . .
RUN make setup
CMD ["make", "course"]
