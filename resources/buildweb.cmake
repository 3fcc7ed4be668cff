# One step of building the web parts; CMakeLists.txt says when each runs.
# Arguments: STEP install|copy|build|extension, SOURCE, WEB (the copy that is built), FILES (relative names to copy),
# NPM, RCC, OUTPUT (the C++ file).
cmake_policy(SET CMP0057 NEW)

function(run)
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY ${WEB} RESULT_VARIABLE result
        OUTPUT_VARIABLE output ERROR_VARIABLE output)
    if(result)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "${command} failed:\n${output}")
    endif()
endfunction()

function(copy_files)
    foreach(name IN LISTS FILES)
        configure_file(${SOURCE}/${name} ${WEB}/${name} COPYONLY)
    endforeach()
endfunction()

# What was removed from the sources must not be built.
function(remove_strangers)
    foreach(folder client/src client/tests dashboard/src dashboard/tests dashboard/public
            extension/src extension/tests extension/public extension/build)
        file(GLOB_RECURSE present RELATIVE ${WEB} ${WEB}/${folder}/*)
        foreach(name IN LISTS present)
            if(NOT name IN_LIST FILES)
                file(REMOVE ${WEB}/${name})
            endif()
        endforeach()
    endforeach()
endfunction()

function(build_page)
    run(${NPM} run build --workspace dashboard)
    set(dist ${WEB}/dashboard/dist)
    file(GLOB_RECURSE names RELATIVE ${dist} ${dist}/*)
    list(SORT names)
    set(entries "")
    foreach(name IN LISTS names)
        run(gzip -9nf ${dist}/${name})
        string(APPEND entries "  <file>${name}.gz</file>\n")
    endforeach()
    file(WRITE ${dist}/dashboard.qrc "<RCC><qresource prefix=\"/dashboard\">\n${entries}</qresource></RCC>\n")
    run(${RCC} --no-compress --name dashboard --output ${OUTPUT} ${dist}/dashboard.qrc)
endfunction()

if(STEP STREQUAL "install")
    copy_files()
    run(${NPM} ci --prefer-offline --no-audit --no-fund)
elseif(STEP STREQUAL "copy")
    copy_files()
    remove_strangers()
elseif(STEP STREQUAL "extension")
    run(${NPM} run build --workspace extension)
else()
    build_page()
endif()
